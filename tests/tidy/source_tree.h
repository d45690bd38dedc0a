// The repository as text, for the tests of this folder.
#ifndef PARTNERSKAP_TESTS_TIDY_SOURCE_TREE_H_
#define PARTNERSKAP_TESTS_TIDY_SOURCE_TREE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace partnerskap::tidy {

struct File {
  std::string path;  // from the root of the repository: `services/membership/main.cc`
  std::string text;
};

// Every text file, by path; without what is built, stored or git's own.
const std::vector<File>& AllFiles();
// Those under a folder (`services/membership`; "" is all) whose names end with one of `endings`.
std::vector<File> FilesUnder(absl::string_view folder, const std::vector<absl::string_view>& endings);
// One file. Fails the test if there is none.
std::string TextOf(absl::string_view path);

// `.cc` and `.h`.
bool IsCode(absl::string_view path);
// A test, or what only tests use: `test` or `fixture` stands in the file's name, or it lies in a folder of tests.
bool IsTest(absl::string_view path);

std::vector<std::string> LinesOf(absl::string_view text);
// Targets of `#include`, quotes and angle brackets alike.
std::vector<std::string> IncludesOf(absl::string_view text);
// `word` in `text`, with no letter, digit or underscore beside it.
bool HasWord(absl::string_view text, absl::string_view word);

// The service folders, and the package segment of each: `peer_review` has `peerreview`.
struct Service {
  std::string folder, package;
};
const std::vector<Service>& Services();

}  // namespace partnerskap::tidy

#endif  // PARTNERSKAP_TESTS_TIDY_SOURCE_TREE_H_

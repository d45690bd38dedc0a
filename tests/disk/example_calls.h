// Real mutations for the proofs of this folder: what loading the example networks asks of each service, in order.
#ifndef PARTNERSKAP_TESTS_DISK_EXAMPLE_CALLS_H_
#define PARTNERSKAP_TESTS_DISK_EXAMPLE_CALLS_H_

#include <string>
#include <vector>

namespace partnerskap::disk {

struct ExampleCall {
  std::string service;  // `peer_review`
  std::string path;     // `/partnerskap.peerreview.v1.PeerReviewService/CreateReview`
  std::string request;  // bytes, with a request id of its own
  std::string request_id;
};

// Made once. Ends the process with the reason if the examples cannot be read.
const std::vector<ExampleCall>& ExampleCalls();

}  // namespace partnerskap::disk

#endif  // PARTNERSKAP_TESTS_DISK_EXAMPLE_CALLS_H_

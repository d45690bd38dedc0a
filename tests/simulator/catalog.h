// Every method of the four services, and requests for any of them from their descriptors alone.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_CATALOG_H_
#define PARTNERSKAP_TESTS_SIMULATOR_CATALOG_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/rpc/serve.h"
#include "common/rpc/service.h"
#include "google/protobuf/message.h"
#include "tests/simulator/maker.h"

namespace partnerskap::simulator {

struct MethodEntry {
  std::string service;  // `membership`
  std::string name;     // `CreateSeat`
  std::string path;
  const Method* method = nullptr;
  bool mutating() const { return method->auth->mutating(); }
  bool slow() const { return method->auth->slow(); }
  const google::protobuf::Message& request() const { return *method->request_prototype; }
  const google::protobuf::Descriptor& answer() const { return *method->descriptor->output_type(); }
  std::unique_ptr<google::protobuf::Message> NewAnswer() const;
};

class Catalog {
 public:
  explicit Catalog(const std::vector<ServiceDefinition>& definitions);

  // Unary ones of the contract, in order of their paths.
  const std::vector<MethodEntry>& reads() const { return reads_; }
  const std::vector<MethodEntry>& writes() const { return writes_; }
  const MethodEntry* Find(const std::string& service, const std::string& name) const;
  // The path of the service's WatchChanges.
  const std::string& watch(const std::string& service) const { return watches_.at(service); }

  // A request with known names where names belong; `noise` is how likely a field is left as it is or holds anything.
  std::unique_ptr<google::protobuf::Message> Fill(Maker& make, const google::protobuf::Message& prototype,
                                                  double noise) const;
  // Puts anything into one field of a request.
  void Spoil(Maker& make, google::protobuf::Message& request) const;
  // `membership.partnerskap/Seat` -> `partnerskap.membership.v1.Seat`, or empty.
  std::string MessageType(const std::string& resource) const;

 private:
  void AddResource(const google::protobuf::Descriptor& message);
  void FillField(Maker& make, google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                 double noise, int depth) const;
  void FillMessage(Maker& make, google::protobuf::Message& message, double noise, int depth) const;
  std::string TextFor(Maker& make, const google::protobuf::FieldDescriptor& field, double noise) const;
  std::string ReferenceFor(Maker& make, const std::string& resource) const;

  std::vector<std::unique_ptr<Methods>> methods_;
  std::vector<MethodEntry> reads_, writes_;
  std::map<std::string, std::string> watches_;
  std::map<std::string, std::string> types_;    // resource -> message
  std::map<std::string, std::string> pattern_;  // resource -> pattern
  std::map<std::string, std::string> owners_;   // pattern -> resource
};

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_CATALOG_H_

#include "services/scheduling/store/tables.h"

#include <string>

#include "common/time/partial_date.h"

namespace partnerskap::scheduling {
namespace {

// A calendar is read in order of time; a meeting known to the month stands before those with days in it.
std::string ByFirstDate(const google::protobuf::Message& message) {
  return DateToText(static_cast<const v1::Meeting&>(message).first_date());
}

}  // namespace

const ResourceTable<v1::Meeting>& Meetings() {
  static const auto& table = *new ResourceTable<v1::Meeting>({"meetings", &ByFirstDate});
  return table;
}

const ResourceTable<v1::HostRotation>& HostRotations() {
  static const auto& table = *new ResourceTable<v1::HostRotation>({"host_rotations", nullptr});
  return table;
}

std::vector<const ResourceTableBase*> Tables() { return {&Meetings(), &HostRotations()}; }

}  // namespace partnerskap::scheduling

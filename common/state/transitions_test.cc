#include "common/state/transitions.h"

#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using google::protobuf::FieldDescriptorProto;

// Any enum of a proto serves; labels have three values, none of them zero.
constexpr Transition<FieldDescriptorProto::Label> kTable[] = {
    {FieldDescriptorProto::LABEL_OPTIONAL, "require", FieldDescriptorProto::LABEL_REQUIRED},
    {FieldDescriptorProto::LABEL_OPTIONAL, "repeat", FieldDescriptorProto::LABEL_REPEATED},
    {FieldDescriptorProto::LABEL_REQUIRED, "repeat", FieldDescriptorProto::LABEL_REPEATED},
};

TEST(Transitions, AllowedActionLeadsOn) {
  EXPECT_EQ(Next(kTable, FieldDescriptorProto::LABEL_OPTIONAL, "require"), FieldDescriptorProto::LABEL_REQUIRED);
}

TEST(Transitions, OtherActionLeadsNowhere) {
  EXPECT_EQ(Next(kTable, FieldDescriptorProto::LABEL_REPEATED, "require"), std::nullopt);
  EXPECT_EQ(Next(kTable, FieldDescriptorProto::LABEL_OPTIONAL, "unknown"), std::nullopt);
}

TEST(Transitions, MatrixShowsEveryStateAndAction) {
  EXPECT_EQ(Matrix(kTable),
            "| state | require | repeat |\n"
            "|---|---|---|\n"
            "| LABEL_OPTIONAL | LABEL_REQUIRED | LABEL_REPEATED |\n"
            "| LABEL_REQUIRED | – | LABEL_REPEATED |\n"
            "| LABEL_REPEATED | – | – |\n");
}

TEST(Transitions, MatrixInReadsBetweenItsMarkers) {
  EXPECT_EQ(MatrixIn("a\n<!-- states:x -->\n| t |\n<!-- /states -->\nb", "x"), "| t |\n");
  EXPECT_EQ(MatrixIn("a", "x"), "");
}

}  // namespace
}  // namespace partnerskap

# Headers that nearly every file includes, compiled once: half of the time that a cold build would take.
#
# gcc takes a precompiled header only where options and macros are equal, so both sets of options stand here alone.
target_compile_options(partnerskap_options INTERFACE -pthread $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)

set(HEADERS_SOURCE ${PROJECT_BINARY_DIR}/headers.cc)
file(GENERATE OUTPUT ${HEADERS_SOURCE} CONTENT "")
set(HEADERS
  <algorithm> <cstdint> <functional> <map> <memory> <optional> <set> <string> <utility> <vector>
  <absl/container/flat_hash_map.h> <absl/status/status.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
  <absl/strings/string_view.h> <absl/time/time.h> <google/protobuf/message.h>)
add_library(partnerskap_headers STATIC ${HEADERS_SOURCE})
target_link_libraries(partnerskap_headers PUBLIC partnerskap_options)
target_precompile_headers(partnerskap_headers PRIVATE ${HEADERS})

if(PARTNERSKAP_BUILD_TESTS)
  # Tests are compiled once and run once: optimizing them costs more than it saves.
  add_library(partnerskap_test_options INTERFACE)
  target_compile_options(partnerskap_test_options INTERFACE -O0)
  target_compile_definitions(partnerskap_test_options INTERFACE
    PARTNERSKAP_SOURCE_DIR="${PROJECT_SOURCE_DIR}" PARTNERSKAP_BINARY_DIR="${PROJECT_BINARY_DIR}")
  target_link_libraries(partnerskap_test_options INTERFACE GTest::gmock)
  add_library(partnerskap_test_headers STATIC ${HEADERS_SOURCE})
  target_link_libraries(partnerskap_test_headers PUBLIC partnerskap_options partnerskap_test_options)
  target_precompile_headers(partnerskap_test_headers PRIVATE ${HEADERS} <gmock/gmock.h> <gtest/gtest.h>
    <google/protobuf/text_format.h>)
endif()

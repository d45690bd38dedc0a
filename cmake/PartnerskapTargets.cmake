# The functions that every CMakeLists.txt of the suite is written with.

# partnerskap_library(NAME SRCS a.cc b.cc DEPS other absl::status)
# A static library; DEPS are public. The include root is the repository, so headers are named by their path from it.
function(partnerskap_library NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_library(${NAME} STATIC ${ARG_SRCS})
  target_link_libraries(${NAME} PUBLIC partnerskap_options ${ARG_DEPS})
  target_precompile_headers(${NAME} REUSE_FROM partnerskap_headers)
endfunction()

# partnerskap_binary(NAME SRCS main.cc DEPS ...)
function(partnerskap_binary NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${NAME} ${ARG_SRCS})
  target_link_libraries(${NAME} PRIVATE partnerskap_options ${ARG_DEPS})
  set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# partnerskap_test(NAME SRCS x_test.cc DEPS ... [SLOW])
# One GoogleTest binary, run as one ctest entry. SLOW labels what `./suite test --fast` leaves out.
function(partnerskap_test NAME)
  cmake_parse_arguments(ARG "SLOW" "" "SRCS;DEPS" ${ARGN})
  if(NOT PARTNERSKAP_BUILD_TESTS)
    return()
  endif()
  add_executable(${NAME} ${ARG_SRCS})
  target_link_libraries(${NAME} PRIVATE partnerskap_options ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  target_link_libraries(${NAME} PRIVATE partnerskap_test_options)
  target_precompile_headers(${NAME} REUSE_FROM partnerskap_test_headers)
  add_test(NAME ${NAME} COMMAND ${NAME} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${NAME} PROPERTIES TIMEOUT 600 LABELS $<IF:$<BOOL:${ARG_SLOW}>,slow,fast>)
endfunction()

# partnerskap_proto_library(NAME ROOT dir PROTOS a/b.proto ... DEPS other_proto)
# Generates C++ messages (no service classes: the door takes bytes) into the build tree and compiles them.
function(partnerskap_proto_library NAME)
  cmake_parse_arguments(ARG "" "ROOT" "PROTOS;DEPS" ${ARGN})
  set(OUT ${PROJECT_BINARY_DIR}/gen)
  file(MAKE_DIRECTORY ${OUT})
  set(GENERATED)
  foreach(PROTO ${ARG_PROTOS})
    string(REGEX REPLACE "\\.proto$" "" STEM ${PROTO})
    add_custom_command(
      OUTPUT ${OUT}/${STEM}.pb.cc ${OUT}/${STEM}.pb.h
      COMMAND protobuf::protoc -I ${PROJECT_SOURCE_DIR}/protos -I /usr/share/grpc-proto -I ${ARG_ROOT} --cpp_out=${OUT} ${ARG_ROOT}/${PROTO}
      DEPENDS ${ARG_ROOT}/${PROTO}
      COMMENT "protoc ${PROTO}"
      VERBATIM)
    list(APPEND GENERATED ${OUT}/${STEM}.pb.cc)
  endforeach()
  add_library(${NAME} STATIC ${GENERATED})
  target_include_directories(${NAME} SYSTEM PUBLIC ${OUT})
  target_link_libraries(${NAME} PUBLIC protobuf::libprotobuf ${ARG_DEPS})
  # Nothing refers to a file that holds only a service, and the linker would leave its descriptors out of the binary.
  foreach(PROTO ${ARG_PROTOS})
    string(REPLACE "_" "_5f" SYMBOL ${PROTO})
    string(REPLACE "-" "_2d" SYMBOL ${SYMBOL})
    string(REPLACE "/" "_2f" SYMBOL ${SYMBOL})
    string(REPLACE "." "_2e" SYMBOL ${SYMBOL})
    target_link_options(${NAME} INTERFACE LINKER:--undefined=descriptor_table_${SYMBOL})
  endforeach()
  # Generated code is large and is not where the time goes.
  target_compile_options(${NAME} PRIVATE -O1 -g0 -w)
endfunction()

# partnerskap_proof(NAME SRCS x.cc DEPS ... [ARGS --rounds 2])
# A program of tests/proofs/proof.h in bin/proofs, optimized, for rounds are what it is about. ARGS make the ctest entry
# proof_NAME short; ./suite prove runs the program long.
function(partnerskap_proof NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS;ARGS" ${ARGN})
  if(NOT PARTNERSKAP_BUILD_TESTS)
    return()
  endif()
  add_executable(${NAME} ${ARG_SRCS})
  target_link_libraries(${NAME} PRIVATE partnerskap_options tests_proofs ${ARG_DEPS})
  target_precompile_headers(${NAME} REUSE_FROM partnerskap_headers)
  set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin/proofs)
  if(NOT TARGET proofs)
    add_custom_target(proofs)
  endif()
  add_dependencies(proofs ${NAME})
  add_test(NAME proof_${NAME} COMMAND ${NAME} ${ARG_ARGS} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(proof_${NAME} PROPERTIES TIMEOUT 600 LABELS slow)
endfunction()

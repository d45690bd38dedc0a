# partnerskap_embed_file(NAME FILE x.binpb NAMESPACE partnerskap::cli FUNCTION ContractBytes)
# A library NAME with one function, `std::string_view NAMESPACE::FUNCTION()`, that returns the bytes of FILE; the caller
# declares it in a header of its own.
function(partnerskap_embed_file NAME)
  cmake_parse_arguments(ARG "" "FILE;NAMESPACE;FUNCTION" "" ${ARGN})
  set(OUT ${CMAKE_CURRENT_BINARY_DIR}/${NAME}.cc)
  add_custom_command(
    OUTPUT ${OUT}
    COMMAND ${CMAKE_COMMAND} -DFILE=${ARG_FILE} -DOUT=${OUT} -DNAMESPACE=${ARG_NAMESPACE} -DFUNCTION=${ARG_FUNCTION}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFileScript.cmake
    DEPENDS ${ARG_FILE} ${PROJECT_SOURCE_DIR}/cmake/EmbedFileScript.cmake
    COMMENT "embed ${NAME}"
    VERBATIM)
  partnerskap_library(${NAME} SRCS ${OUT})
  # A table of numbers: nothing to debug.
  target_compile_options(${NAME} PRIVATE -g0)
endfunction()

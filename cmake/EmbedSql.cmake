# partnerskap_embed_sql(NAME DIRECTORY migrations NAMESPACE partnerskap::membership FUNCTION Migrations)
# A library NAME with one function, `std::vector<Migration> NAMESPACE::FUNCTION()`, that returns the files NNNN_verb_noun.sql
# of DIRECTORY in order; the caller declares it in a header of its own. Versions must be 1, 2, 3 … without a gap.
function(partnerskap_embed_sql NAME)
  cmake_parse_arguments(ARG "" "DIRECTORY;NAMESPACE;FUNCTION" "" ${ARGN})
  file(GLOB FILES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_DIRECTORY}/*.sql)
  list(SORT FILES)
  set(OUT ${CMAKE_CURRENT_BINARY_DIR}/${NAME}.cc)
  add_custom_command(
    OUTPUT ${OUT}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${FILES}" -DOUT=${OUT} -DNAMESPACE=${ARG_NAMESPACE} -DFUNCTION=${ARG_FUNCTION}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedSqlScript.cmake
    DEPENDS ${FILES} ${PROJECT_SOURCE_DIR}/cmake/EmbedSqlScript.cmake
    COMMENT "embed ${ARG_DIRECTORY}"
    VERBATIM)
  partnerskap_library(${NAME} SRCS ${OUT} DEPS common_sql)
endfunction()

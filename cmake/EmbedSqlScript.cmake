# Run by partnerskap_embed_sql with FILES, OUT, NAMESPACE and FUNCTION.
set(ROWS "")
set(EXPECTED 1)
foreach(FILE ${FILES})
  get_filename_component(STEM ${FILE} NAME_WE)
  if(NOT STEM MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+$")
    message(FATAL_ERROR "${FILE} is not named NNNN_verb_noun.sql")
  endif()
  math(EXPR VERSION "1${CMAKE_MATCH_1} - 10000")
  if(NOT VERSION EQUAL EXPECTED)
    message(FATAL_ERROR "${FILE} should have the number ${EXPECTED}")
  endif()
  math(EXPR EXPECTED "${EXPECTED} + 1")
  file(READ ${FILE} SQL)
  string(APPEND ROWS "      {${VERSION}, \"${STEM}\", R\"sql(${SQL})sql\"},\n")
endforeach()
file(WRITE ${OUT} "#include <vector>

#include \"common/sql/database.h\"

namespace ${NAMESPACE} {

std::vector<partnerskap::Migration> ${FUNCTION}();

std::vector<partnerskap::Migration> ${FUNCTION}() {
  return {
${ROWS}  };
}

}  // namespace ${NAMESPACE}
")

# Run by partnerskap_embed_file with FILE, OUT, NAMESPACE and FUNCTION.
file(READ ${FILE} HEX HEX)
string(REGEX REPLACE "(................................)" "\\1\"\n    \"" HEX "${HEX}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" TEXT "${HEX}")
file(WRITE ${OUT} "#include <string_view>

namespace ${NAMESPACE} {

std::string_view ${FUNCTION}();

std::string_view ${FUNCTION}() {
  static constexpr char kBytes[] =
    \"${TEXT}\";
  return {kBytes, sizeof(kBytes) - 1};
}

}  // namespace ${NAMESPACE}
")

# Language, warnings and hardening for every target of the suite.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
# -g1 keeps line numbers for stack traces and profiles at a third of the size and link time of -g.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")

add_library(partnerskap_options INTERFACE)
target_compile_options(partnerskap_options INTERFACE -Wall -Wextra -Werror=return-type -fstack-protector-strong)
target_compile_definitions(partnerskap_options INTERFACE _GLIBCXX_ASSERTIONS)
target_include_directories(partnerskap_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
if(PARTNERSKAP_SANITIZE)
  add_compile_options(-fsanitize=${PARTNERSKAP_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PARTNERSKAP_SANITIZE})
  if(PARTNERSKAP_SANITIZE MATCHES "undefined")
    # A report that nobody reads is none: the program ends with it.
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  if(PARTNERSKAP_SANITIZE MATCHES "thread")
    # Under this macro protobuf's headers give map fields two members more, which Debian's libprotobuf does not know of:
    # every ErrorInfo would be read at the wrong places.
    add_compile_options(-U__SANITIZE_THREAD__)
  endif()
endif()
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

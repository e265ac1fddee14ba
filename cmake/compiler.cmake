# Compilers too old for C++20 as it is used here are refused by name, before the first of a thousand errors.
# Those that are not listed have not been tried, and may.

set(oldest_GNU 12)
set(package_GNU "a package as Debian's and Ubuntu's g++-12, then -D CMAKE_CXX_COMPILER=g++-12")
set(oldest_Clang 14)
set(package_Clang "a package as Debian's and Ubuntu's clang-14, then -D CMAKE_CXX_COMPILER=clang++-14")
set(oldest_AppleClang 15)
set(package_AppleClang "Xcode 15, or Homebrew's llvm, then -D CMAKE_CXX_COMPILER=its clang++")

if(CMAKE_CXX_COMPILER_ID STREQUAL MSVC)
  message(FATAL_ERROR "The compiler found is MSVC ${CMAKE_CXX_COMPILER_VERSION}, whose flags and warnings are not "
    "those of this project: use clang or MinGW, by -D CMAKE_CXX_COMPILER=clang++.")
endif()
set(oldest ${oldest_${CMAKE_CXX_COMPILER_ID}})
if(oldest AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS oldest)
  message(FATAL_ERROR "The compiler found, ${CMAKE_CXX_COMPILER}, is ${CMAKE_CXX_COMPILER_ID} "
    "${CMAKE_CXX_COMPILER_VERSION}, which is too old for C++20; the oldest that works is ${oldest}: install "
    "${package_${CMAKE_CXX_COMPILER_ID}}.")
endif()

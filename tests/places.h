// Where the sources and the programs of this build lie. Only places.cpp is compiled with these paths, so that
// a cache of compiled files serves every clone.
#pragma once

#include <string>

namespace shadenet::test {

std::string source_folder();
std::string shadenet_program();
std::string viewer_program();  ///< empty where it is not built
std::string mpi_program();     ///< likewise
std::string mpirun();          ///< that belongs to it

}  // namespace shadenet::test

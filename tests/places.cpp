#include "places.h"

namespace shadenet::test {

std::string source_folder() {
    return SHADENET_SOURCE_FOLDER;
}

std::string shadenet_program() {
    return SHADENET_PROGRAM;
}

std::string viewer_program() {
    return SHADENET_VIEWER_PROGRAM;
}

std::string mpi_program() {
    return SHADENET_MPI_PROGRAM;
}

std::string mpirun() {
    return SHADENET_MPIRUN;
}

}  // namespace shadenet::test

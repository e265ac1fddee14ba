// shadenet-mpi: the program as a part of an MPI job, begun by mpirun or srun.
#include "cli/commands.h"
#include "mpi/mpi_group.h"

int main(int argc, char** argv) {
    shadenet::MpiGroup group(argc, argv);
    shadenet::enter_group(group);
    return group.leave(shadenet::run_program(argc, argv));
}

// shadenet-mpi on small pictures, begun by mpirun as its users do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "cli/pictures.h"
#include "cli/process.h"

namespace shadenet::test {

/// Open MPI counts the cores, and refuses root, unless told otherwise; MPICH knows neither flag nor variable.
/// Beside them, a thread of the device for each rank, and Vulkan's validation.
extern const Environment mpi_environment;

/// The program on so many ranks.
Arguments on_ranks(std::uint32_t ranks, Arguments arguments);

/// What one rank is begun with: the words before the program, as `env -C DIR`, and its arguments.
struct RankCommand {
    Arguments before, arguments;
};
Arguments on_these_ranks(const std::vector<RankCommand>& ranks);

/// Flags of a run with four shares on crops of the pictures, into that folder of theirs.
Arguments shared_run(const Pictures& pictures, const std::string& output, const Arguments& more = {},
                     const char* epochs = "8");

Outcome run_shared(std::uint32_t ranks, const Arguments& arguments);

std::size_t count_of(const std::string& text, const std::string& part);

/// The ranks that fill that folder now.
std::vector<pid_t> ranks_of(const std::filesystem::path& output);
/// They all end within seconds: MPICH's mpiexec does not wait for the ranks that it kills.
bool ranks_end(const std::filesystem::path& output);

/// More ranks of the same job, with arguments of their own.
Arguments and_on_ranks(Arguments command, std::uint32_t ranks, const Arguments& arguments);
/// With these beside the variables of mpi_environment.
Outcome run_ranks(const Arguments& command, const Environment& more = {}, int seconds = 300);

/// The two software drivers that the tests know; empty where one is not installed.
Environment two_drivers();

}  // namespace shadenet::test

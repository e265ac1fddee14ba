#include "mpi/mpi_group.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include <mpi.h>

namespace shadenet {

namespace {

/// Of all ranks in one call: MPI counts in int, and Open MPI also the bytes of all ranks.
constexpr std::size_t most_bytes = std::size_t{1} << 30;

std::uint32_t asked(int (*question)(MPI_Comm, int*)) {
    int answer = 0;
    question(MPI_COMM_WORLD, &answer);
    return static_cast<std::uint32_t>(answer);
}

/// MPI's own waiting takes a whole core all the time, which on a software device the other ranks need.
void wait_for(MPI_Request request) {
    using namespace std::chrono_literals;
    const auto start = std::chrono::steady_clock::now();
    int is_done = 0;
    while (true) {
        MPI_Test(&request, &is_done, MPI_STATUS_IGNORE);
        if (is_done != 0) return;
        if (std::chrono::steady_clock::now() - start > 1ms) std::this_thread::sleep_for(50us);
    }
}

std::string name_of_machine() {
    char name[MPI_MAX_PROCESSOR_NAME] = {};
    int length = 0;
    MPI_Get_processor_name(name, &length);
    return {name, static_cast<std::size_t>(length)};
}

void broadcast_from_leader(void* bytes, std::size_t size) {
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Ibcast(bytes, static_cast<int>(size), MPI_BYTE, 0, MPI_COMM_WORLD, &request);
    wait_for(request);
}

}  // namespace

MpiGroup::MpiGroup(int& argc, char**& argv) {
    int provided = 0;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
    rank_ = asked(MPI_Comm_rank);
    size_ = asked(MPI_Comm_size);
    host_ = name_of_machine();
}

std::vector<std::byte> MpiGroup::in_parts(std::span<const std::byte> mine, bool is_here,
                                          const Gather& gather) const {
    std::vector<std::byte> all(is_here ? mine.size() * size_ : 0);
    const std::size_t most = most_bytes / size_;
    std::vector<std::byte> part;
    for (std::size_t at = 0; at < mine.size(); at += most) {
        const std::size_t size = std::min(most, mine.size() - at);
        const bool is_whole = size == mine.size();
        if (!is_whole && is_here) part.resize(size * size_);
        MPI_Request request = MPI_REQUEST_NULL;
        gather(mine.data() + at, is_whole ? all.data() : part.data(), static_cast<int>(size), &request);
        wait_for(request);
        if (is_whole || !is_here) continue;
        for (std::size_t rank = 0; rank < size_; ++rank)
            std::memcpy(all.data() + rank * mine.size() + at, part.data() + rank * size, size);
    }
    return all;
}

std::vector<std::byte> MpiGroup::gathered(std::span<const std::byte> mine) {
    if (mine.empty()) {
        // Of nothing, MPICH's ranks would not wait for one another.
        MPI_Request request = MPI_REQUEST_NULL;
        MPI_Ibarrier(MPI_COMM_WORLD, &request);
        wait_for(request);
    }
    return in_parts(mine, true, [](const void* from, void* to, int count, MPI_Request* request) {
        MPI_Iallgather(from, count, MPI_BYTE, to, count, MPI_BYTE, MPI_COMM_WORLD, request);
    });
}

std::vector<std::byte> MpiGroup::collected(std::span<const std::byte> mine) {
    return in_parts(mine, leads(), [](const void* from, void* to, int count, MPI_Request* request) {
        MPI_Igather(from, count, MPI_BYTE, to, count, MPI_BYTE, 0, MPI_COMM_WORLD, request);
    });
}

std::vector<std::byte> MpiGroup::pieces_of_all(std::span<const std::byte> mine) {
    const std::size_t piece = mine.size() / size_, most = most_bytes / size_;
    std::vector<std::byte> all(mine.size());
    for (std::size_t at = 0; at < piece; at += most) {
        const std::size_t size = std::min(most, piece - at);
        // Of every piece the same part.
        std::vector<std::byte> from(size * size_), to(size * size_);
        for (std::size_t rank = 0; rank < size_; ++rank)
            std::memcpy(from.data() + rank * size, mine.data() + rank * piece + at, size);
        const int count = static_cast<int>(size);
        MPI_Request request = MPI_REQUEST_NULL;
        MPI_Ialltoall(from.data(), count, MPI_BYTE, to.data(), count, MPI_BYTE, MPI_COMM_WORLD, &request);
        wait_for(request);
        for (std::size_t rank = 0; rank < size_; ++rank)
            std::memcpy(all.data() + rank * piece + at, to.data() + rank * size, size);
    }
    return all;
}

void MpiGroup::send_from_leader(std::vector<std::byte>& bytes) {
    std::uint64_t size = bytes.size();
    broadcast_from_leader(&size, sizeof size);
    bytes.resize(size);
    for (std::size_t at = 0; at < size; at += most_bytes) {
        broadcast_from_leader(bytes.data() + at, std::min<std::size_t>(most_bytes, size - at));
    }
}

int MpiGroup::leave(int exit_code) {
    if (is_abandoned() || (exit_code != 0 && !leads())) {
        // MPICH's mpiexec may end before it has passed on what was said last.
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        MPI_Abort(MPI_COMM_WORLD, exit_code);
    }
    MPI_Finalize();
    return exit_code;
}

}  // namespace shadenet

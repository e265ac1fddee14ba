// All processes of an MPI job.
#pragma once

#include <functional>

#include <mpi.h>

#include "group/group.h"

namespace shadenet {

/// MPI ends the job, with a line of its own, where a call of it fails: the other ranks could not be told.
class MpiGroup : public Group {
  public:
    /// Before anything else; the arguments are those of main().
    MpiGroup(int& argc, char**& argv);
    MpiGroup(const MpiGroup&) = delete;

    std::uint32_t rank() const override { return rank_; }
    std::uint32_t size() const override { return size_; }
    std::string host() const override { return host_; }
    /// The end of this process, whose exit code it is. Does not return where the other ranks cannot come to
    /// theirs.
    int leave(int exit_code);

  private:
    std::vector<std::byte> gathered(std::span<const std::byte> mine) override;
    std::vector<std::byte> collected(std::span<const std::byte> mine) override;
    std::vector<std::byte> pieces_of_all(std::span<const std::byte> mine) override;
    void send_from_leader(std::vector<std::byte>& bytes) override;
    /// `gather` begins a call that brings so many bytes of every rank.
    using Gather = std::function<void(const void* from, void* to, int count, MPI_Request* request)>;
    /// As many calls as it takes. `is_here`: this rank gets what comes of them.
    std::vector<std::byte> in_parts(std::span<const std::byte> mine, bool is_here,
                                    const Gather& gather) const;

    std::uint32_t rank_, size_;
    std::string host_;  ///< kept: only one thread may ask MPI
};

}  // namespace shadenet

// The processes that work on one job together, as far as they know of one another. What they run is the same
// program; ranks are counted from 0, and rank 0 talks to the user and writes the files.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace shadenet {

/// What the calls of a rank were.
struct Exchanges {
    std::uint64_t calls = 0, bytes = 0;  ///< bytes that this rank got
    double seconds = 0;                  ///< with the time that it waited for slower ranks
    double least_seconds = std::numeric_limits<double>::infinity();  ///< of a call
};

/// Which of the ranks of one machine a rank is, counted from 0, and how many they are.
struct LocalPlace {
    std::uint32_t rank = 0, ranks = 1;
    bool operator==(const LocalPlace&) const = default;
};

/// What all ranks call together, in the same order: a call waits for the others'.
class Group {
  public:
    virtual ~Group() = default;

    virtual std::uint32_t rank() const = 0;
    virtual std::uint32_t size() const = 0;
    /// The name of the machine that this rank runs on.
    virtual std::string host() const = 0;

    // Exchanges that have a name, `what`, are counted under it, too.

    /// What every rank gives, one after the other in the order of the ranks; all give as many bytes, and all
    /// get all of it.
    std::vector<std::byte> gather(std::span<const std::byte> mine, const std::string& what = "");
    /// The same, of which rank 0 gets all, and the others get nothing.
    std::vector<std::byte> collect(std::span<const std::byte> mine);
    /// `mine` is a piece for every rank, in their order and of as many bytes each. Returns the pieces that
    /// all ranks give this one, in the order of the ranks.
    std::vector<std::byte> exchange_pieces(std::span<const std::byte> mine, const std::string& what = "");
    /// Gives rank 0's bytes to all ranks, in place of their own.
    void broadcast(std::vector<std::byte>& bytes);
    /// Learns who else is on this machine: machines are told apart by their names. For the beginning.
    void meet();
    /// Does `work`, which is the same on all ranks, on rank 0 before the others: what is wrong with it is
    /// said once. Where it throws there, the others are still waiting.
    void leader_first(const std::function<void()>& work);
    /// As meet() has found; before it, a process by itself.
    const LocalPlace& local() const { return local_; }
    /// So far.
    const Exchanges& exchanges() const { return exchanges_; }
    const std::map<std::string, Exchanges>& named_exchanges() const { return named_; }
    /// Counts from now on.
    void forget_exchanges() {
        exchanges_ = {};
        named_.clear();
    }

    bool is_alone() const { return size() == 1; }
    bool leads() const { return rank() == 0; }

    /// Of a rank that stops with the others still waiting for it in an exchange: they cannot be told any
    /// more.
    void abandon() { abandoned_ = true; }
    bool is_abandoned() const { return abandoned_; }

  private:
    virtual std::vector<std::byte> gathered(std::span<const std::byte> mine) = 0;
    virtual std::vector<std::byte> collected(std::span<const std::byte> mine) = 0;
    virtual std::vector<std::byte> pieces_of_all(std::span<const std::byte> mine) = 0;
    virtual void send_from_leader(std::vector<std::byte>& bytes) = 0;
    /// Counts a call that has begun at `start` and brought `bytes`.
    void count(std::chrono::steady_clock::time_point start, std::size_t bytes, const std::string& what);

    Exchanges exchanges_;
    std::map<std::string, Exchanges> named_;
    LocalPlace local_;
    bool abandoned_ = false;
};

/// A process by itself.
Group& alone();
/// The group of this process: alone(), unless enter_group() was called.
Group& this_group();
/// From now on this process is of that group, which must outlive all work. For main(), before anything else.
void enter_group(Group& group);

}  // namespace shadenet

// Work that rank 0 begins, and all ranks of a group then do together.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "group/group.h"
#include "group/texts.h"

namespace shadenet {

/// One rank's end of it. A process alone, and rank 0 where it does not begin, does all by itself: then none
/// of this waits for anyone.
class SharedWork {
  public:
    /// The group must outlive it.
    explicit SharedWork(Group& group) : group_(group) {}
    SharedWork(const SharedWork&) = delete;

    Group& group() const { return group_; }
    /// From begin() or begun() on: the ranks work together, and not rank 0 by itself.
    bool is_shared() const { return shared_; }
    /// In how many parts the work is done, and which of them is this rank's, counted from 0.
    std::uint32_t parts() const { return shared_ ? group_.size() : 1; }
    std::uint32_t part() const { return shared_ ? group_.rank() : 0; }

    /// Of rank 0, once at most: lets the others begin, who get `texts`.
    void begin(const Texts& texts = {});
    /// Of another rank: waits for begin(). None where rank 0 ends without it.
    std::optional<Texts> begun();

    /// What `make` gives on every rank, in the order of the ranks; all get all of it. Where it throws on one,
    /// the others get nothing, and have nothing more to do than to leave. What it throws is thrown on, but
    /// only on the first of the ranks where it is the same. Nothing, too, where a rank has left already.
    std::vector<Texts> gather(const std::function<Texts()>& make);
    /// Does `prepare` on every rank, and returns whether all could: else nothing must begin. Throws likewise.
    bool all_ready(const std::function<void()>& prepare);
    /// What the ranks do in step, by exchanges of their own. The others wait for one that throws in there,
    /// and cannot be told: it ends them.
    void in_step(const std::function<void()>& steps);

    /// The end on this rank, also after an exception: returns the exit code for this process. Rank 0's is the
    /// highest of all, and the others' is 0.
    int leave(int exit_code);

  private:
    std::vector<Texts> exchange(const std::string& state, Texts texts);

    Group& group_;
    bool told_ = false;  ///< or was told, whether there is something to do
    bool shared_ = false;
};

}  // namespace shadenet

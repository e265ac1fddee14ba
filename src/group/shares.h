// How a job's examples are divided among the processes of a group, so that its result does not depend on how
// many they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "group/group.h"

namespace shadenet {

/// The share that an example is of, of `shares`.
constexpr std::uint32_t share_of(std::uint32_t example, std::uint32_t shares, std::uint32_t block) {
    return example / block % shares;
}

/// Examples are dealt to the shares by turns for good, `block` that follow one another at a time: the crops
/// of a picture stay together. Every rank has as many shares as the others, one after the other. Sums are
/// formed within a share, and joined in the order of the shares: as the shares of a run stay the same, so do
/// its bits, on one rank or on several.
class Shares {
  public:
    /// Throws InputError unless the ranks divide the shares evenly. 0: a share for each rank. The group must
    /// outlive it.
    Shares(Group& group, std::uint32_t count, std::uint32_t block = 1);
    /// Of a process by itself: one, which is everything.
    Shares() : Shares(alone(), 1) {}

    Group& group() const { return *group_; }
    std::uint32_t count() const { return count_; }
    /// The first of this rank's, and how many it has.
    std::uint32_t first() const { return group_->rank() * own(); }
    std::uint32_t own() const { return count_ / group_->size(); }
    std::uint32_t of(std::uint32_t example) const { return share_of(example, count_, block_); }
    /// The rank whose share an example is of.
    std::uint32_t rank_of(std::uint32_t example) const { return of(example) / own(); }
    /// The example is of one of this rank's.
    bool owns(std::uint32_t example) const { return rank_of(example) == group_->rank(); }

    /// The examples before `end` that are of this rank's, in their order.
    std::vector<std::uint32_t> own_before(std::uint32_t end) const;
    /// How many of them the rank has that has most.
    std::size_t own_most(std::uint32_t end) const;
    /// The same shares, counted in blocks: of pairs, where the examples are crops of them.
    Shares of_blocks() const { return {*group_, count_}; }

    /// The examples of a step that belong to this rank's shares: share after share, and within a share in the
    /// step's order.
    std::vector<std::uint32_t> own_examples(std::span<const std::uint32_t> step) const;
    /// How many of these examples, which are of this rank, each of its shares has.
    std::vector<std::uint32_t> sizes(std::span<const std::uint32_t> own_examples) const;

  private:
    Group* group_;
    std::uint32_t count_, block_;
};

/// Where each of these examples stands in `own`, which own_before() has made and has them all.
std::vector<std::uint32_t> places_in(std::span<const std::uint32_t> own,
                                     std::span<const std::uint32_t> examples);

/// What each rank has of its own examples, in their order: of all `count` examples, in theirs. All ranks call
/// it together.
template <class Value>
std::vector<Value> joined_examples(const Shares& shares, std::span<const Value> own, std::uint32_t count) {
    // All give as many as the one that has most.
    const std::size_t most = shares.own_most(count);
    std::vector<Value> mine(own.begin(), own.end());
    mine.resize(most);
    const std::vector<std::byte> told = shares.group().gather(std::as_bytes(std::span(mine)));
    std::vector<Value> all;
    std::vector<std::size_t> next(shares.group().size());
    for (std::uint32_t example = 0; example < count; ++example) {
        const std::uint32_t rank = shares.rank_of(example);
        std::memcpy(&all.emplace_back(), &told.at((rank * most + next[rank]++) * sizeof(Value)),
                    sizeof(Value));
    }
    return all;
}

}  // namespace shadenet

// Ranks that are threads of the test: what MPI does between processes, in one.
#pragma once

#include <barrier>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "group/group.h"

namespace shadenet::test {

/// Each rank is used by one thread; all of them must make the same calls.
class ThreadGroup {
  public:
    /// `hosts`: the machine of every rank; all are of one where none is named.
    explicit ThreadGroup(std::uint32_t size, std::vector<std::string> hosts = {})
        : given_(size), turn_(size), hosts_(std::move(hosts)) {
        hosts_.resize(size, "a thread");
        for (std::uint32_t rank = 0; rank < size; ++rank)
            ranks_.push_back(std::make_unique<Rank>(*this, rank));
    }

    Group& rank(std::uint32_t rank) { return *ranks_[rank]; }
    std::uint32_t size() const { return static_cast<std::uint32_t>(ranks_.size()); }

    /// The threads of all ranks but 0, each of which does `work`. They are waited for in the end.
    class Followers {
      public:
        template <class Work>
        Followers(ThreadGroup& group, Work work) {
            for (std::uint32_t rank = 1; rank < group.size(); ++rank) {
                threads_.emplace_back([&group, work, rank] { work(group.rank(rank)); });
            }
        }

      private:
        std::vector<std::jthread> threads_;
    };

  private:
    class Rank : public Group {
      public:
        Rank(ThreadGroup& all, std::uint32_t rank) : all_(all), rank_(rank) {}
        std::uint32_t rank() const override { return rank_; }
        std::uint32_t size() const override { return all_.size(); }
        std::string host() const override { return all_.hosts_[rank_]; }

      private:
        std::vector<std::byte> gathered(std::span<const std::byte> mine) override {
            all_.given_[rank_].assign(mine.begin(), mine.end());
            all_.turn_.arrive_and_wait();
            std::vector<std::byte> joined;
            for (const auto& one : all_.given_) joined.insert(joined.end(), one.begin(), one.end());
            all_.turn_.arrive_and_wait();
            return joined;
        }
        std::vector<std::byte> pieces_of_all(std::span<const std::byte> mine) override {
            const std::vector<std::byte> given = gathered(mine);
            const std::size_t piece = mine.size() / size();
            std::vector<std::byte> pieces;
            for (std::size_t of = 0; of < size(); ++of) {
                const auto one = std::span(given).subspan(of * mine.size() + rank_ * piece, piece);
                pieces.insert(pieces.end(), one.begin(), one.end());
            }
            return pieces;
        }
        std::vector<std::byte> collected(std::span<const std::byte> mine) override {
            const std::vector<std::byte> all = gathered(mine);
            return leads() ? all : std::vector<std::byte>();
        }
        void send_from_leader(std::vector<std::byte>& bytes) override {
            if (leads()) all_.given_[0] = bytes;
            all_.turn_.arrive_and_wait();
            bytes = all_.given_[0];
            all_.turn_.arrive_and_wait();
        }

        ThreadGroup& all_;
        std::uint32_t rank_;
    };

    std::vector<std::vector<std::byte>> given_;
    std::barrier<> turn_;
    std::vector<std::string> hosts_;
    std::vector<std::unique_ptr<Rank>> ranks_;
};

/// What `work` gives on every rank.
template <class Result, class Work>
std::vector<Result> on_all(ThreadGroup& group, const Work& work) {
    std::vector<Result> results(group.size());
    {
        const ThreadGroup::Followers others(group, [&](Group& rank) { results[rank.rank()] = work(rank); });
        results[0] = work(group.rank(0));
    }
    return results;
}

}  // namespace shadenet::test

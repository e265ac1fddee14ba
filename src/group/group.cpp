#include "group/group.h"

#include <algorithm>

#include "group/texts.h"

namespace shadenet {

namespace {

class Alone : public Group {
  public:
    std::uint32_t rank() const override { return 0; }
    std::uint32_t size() const override { return 1; }
    std::string host() const override { return "this machine"; }

  private:
    std::vector<std::byte> gathered(std::span<const std::byte> mine) override {
        return {mine.begin(), mine.end()};
    }
    std::vector<std::byte> collected(std::span<const std::byte> mine) override { return gathered(mine); }
    std::vector<std::byte> pieces_of_all(std::span<const std::byte> mine) override { return gathered(mine); }
    void send_from_leader(std::vector<std::byte>&) override {}
};

Group* group_of_process = nullptr;

}  // namespace

void Group::count(std::chrono::steady_clock::time_point start, std::size_t bytes, const std::string& what) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto add = [&](Exchanges& to) {
        ++to.calls;
        to.bytes += bytes;
        to.seconds += seconds;
        to.least_seconds = std::min(to.least_seconds, seconds);
    };
    add(exchanges_);
    if (!what.empty()) add(named_[what]);
}

std::vector<std::byte> Group::gather(std::span<const std::byte> mine, const std::string& what) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::byte> all = gathered(mine);
    count(start, all.size(), what);
    return all;
}

std::vector<std::byte> Group::collect(std::span<const std::byte> mine) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::byte> all = collected(mine);
    count(start, all.size(), "");
    return all;
}

std::vector<std::byte> Group::exchange_pieces(std::span<const std::byte> mine, const std::string& what) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::byte> all = pieces_of_all(mine);
    count(start, all.size(), what);
    return all;
}

void Group::broadcast(std::vector<std::byte>& bytes) {
    const auto start = std::chrono::steady_clock::now();
    send_from_leader(bytes);
    count(start, bytes.size(), "");
}

void Group::leader_first(const std::function<void()>& work) {
    if (!leads()) gather({});
    work();
    if (leads()) gather({});
}

void Group::meet() {
    local_ = {0, 0};
    const auto hosts = gather_texts(*this, {host()});
    for (std::uint32_t other = 0; other < size(); ++other) {
        if (hosts[other].front() != host()) continue;
        if (other < rank()) ++local_.rank;
        ++local_.ranks;
    }
}

Group& alone() {
    static Alone group;
    return group;
}

Group& this_group() {
    return group_of_process != nullptr ? *group_of_process : alone();
}

void enter_group(Group& group) {
    group_of_process = &group;
}

}  // namespace shadenet

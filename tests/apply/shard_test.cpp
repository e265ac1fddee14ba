#include <cstdlib>
#include <map>
#include <string>

#include "apply/jobs.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Environment variables for one test; an empty value is none.
class Variables {
  public:
    explicit Variables(const std::map<std::string, std::string>& values) : values_(values) {
        for (const auto& [name, value] : values_) {
            value.empty() ? unsetenv(name.c_str()) : setenv(name.c_str(), value.c_str(), 1);
        }
    }
    ~Variables() {
        for (const auto& [name, value] : values_) unsetenv(name.c_str());
    }
    Variables(const Variables&) = delete;
    Variables& operator=(const Variables&) = delete;

  private:
    std::map<std::string, std::string> values_;
};

Variables slurm(const std::string& id, const std::string& first, const std::string& step,
                const std::string& count) {
    return Variables({{"SLURM_ARRAY_TASK_ID", id},
                      {"SLURM_ARRAY_TASK_MIN", first},
                      {"SLURM_ARRAY_TASK_STEP", step},
                      {"SLURM_ARRAY_TASK_COUNT", count}});
}

std::string refusal(const std::string& text) {
    return message_of<InputError>([&] { parse_shard(text); });
}

}  // namespace

TEST_CASE("a share is two numbers, and the first is one of the second") {
    CHECK(parse_shard("1/1").count == 1);
    CHECK(parse_shard("3/4").index == 3);
    CHECK(parse_shard("3/4").count == 4);
    for (const char* text :
         {"", "0/4", "5/4", "1", "/", "1/", "/2", "1/2/3", "-1/2", "1 /2", "a/b", "1/4294967296"}) {
        INFO(text);
        CHECK(contains(refusal(text), fmt::format("--shard {}", text)));
    }
}

TEST_CASE("Slurm's arrays tell the share") {
    {
        const Variables plain = slurm("2", "0", "", "4");
        CHECK(parse_shard("auto").index == 3);
        CHECK(parse_shard("auto").count == 4);
    }
    {
        const Variables stepped = slurm("30", "10", "10", "4");
        CHECK(parse_shard("auto").index == 3);
    }
    {
        const Variables uneven = slurm("7", "1", "1", "3");
        CHECK(contains(refusal("auto"), "Slurm's task 7"));
    }
    const Variables none = slurm("", "", "", "");
    CHECK(contains(refusal("auto"), "SLURM_ARRAY_TASK_ID"));
}

TEST_CASE("every name is in one share of any count") {
    for (std::uint32_t count = 1; count <= 7; ++count) {
        for (const char* name : {"a.png", "b/c.jpg", "\xff\xfe.tga", ""}) {
            std::uint32_t takers = 0;
            for (std::uint32_t index = 1; index <= count; ++index) takers += Shard{index, count}.takes(name);
            CHECK(takers == 1);
        }
    }
}

// Pictures that several ranks take among them; the ranks are threads.
#include "apply/shared_pictures.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "apply/outcome_texts.h"
#include "base/error.h"
#include "catch.h"
#include "message_of.h"
#include "thread_group.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

ApplyPlan plan_of_twenty() {
    ApplyPlan plan;
    plan.new_results = "in/out";
    for (int i = 0; i < 20; ++i) {
        const std::string name = fmt::format("{}.png", i);
        plan.jobs.push_back({"in/" + name, "in/out/" + name, name});
    }
    return plan;
}

std::vector<std::string> names_of(const ApplyPlan& plan) {
    std::vector<std::string> names;
    for (const ApplyJob& job : plan.jobs) names.push_back(job.name.string());
    return names;
}

}  // namespace

TEST_CASE("the ranks get the shares that --shard deals, and rank 0 what the others tell") {
    ThreadGroup group(3);
    std::vector<std::vector<std::string>> names(3);
    std::vector<std::string> new_results(3), models = {"a model", "", ""};
    std::vector<PictureOutcome> told;
    std::vector<int> codes(3, -1), ready(3);
    const auto do_share = [&](SharedPictures& shared, const ApplyPlan& plan, std::uint32_t rank) {
        names[rank] = names_of(plan);
        new_results[rank] = plan.new_results.string();
        ready[rank] = shared.all_ready([] {}) ? 1 : 0;
        if (rank > 0) {
            for (const ApplyJob& job : plan.jobs)
                shared.add({.input = job.input, .output = job.output, .status = PictureStatus::written});
        }
        const std::vector<PictureOutcome> of_others = shared.join();
        told.insert(told.end(), of_others.begin(), of_others.end());
        codes[rank] = shared.leave(rank == 1 ? 1 : 0);
    };
    {
        const ThreadGroup::Followers others(group, [&](Group& rank) {
            SharedPictures shared(rank);
            ApplyPlan plan;
            shared.take(plan, models[rank.rank()]);
            do_share(shared, plan, rank.rank());
        });
        SharedPictures shared(group.rank(0));
        ApplyPlan plan = plan_of_twenty();
        shared.give(plan, models[0]);
        do_share(shared, plan, 0);
    }
    CHECK((codes == std::vector<int>{1, 0, 0}));
    CHECK((ready == std::vector<int>(3, 1)));
    CHECK((models == std::vector<std::string>(3, "a model")));
    CHECK((new_results == std::vector<std::string>(3, "in/out")));
    CHECK(told.size() == names[1].size() + names[2].size());
    std::size_t all = 0;
    for (std::uint32_t rank = 0; rank < 3; ++rank) {
        ApplyPlan plan = plan_of_twenty();
        keep_share(plan.jobs, {rank + 1, 3});
        CHECK((names[rank] == names_of(plan)));
        all += plan.jobs.size();
    }
    CHECK(all == 20);
    const auto of_one = [&](const std::string& name) {
        return std::ranges::count(told, std::filesystem::path("in/" + name), &PictureOutcome::input);
    };
    for (const std::string& name : names[1]) CHECK(of_one(name) == 1);
    for (const std::string& name : names[0]) CHECK(of_one(name) == 0);
}

TEST_CASE("nothing begins where a rank is not ready, and what several say is said once") {
    ThreadGroup group(4);
    std::vector<std::string> said(4);
    std::vector<int> codes(4, -1), ready(4, 0);
    const auto prepare = [&](SharedPictures& shared, std::uint32_t rank) {
        said[rank] = message_of<InputError>([&] {
            const bool all = shared.all_ready([&] {
                if (rank == 1 || rank == 3) throw InputError("no device");
                if (rank == 2) throw InputError("no model");
            });
            ready[rank] = all ? 1 : 0;
        });
        codes[rank] = shared.leave(said[rank].empty() ? 0 : 2);
    };
    {
        const ThreadGroup::Followers others(group, [&](Group& rank) {
            SharedPictures shared(rank);
            ApplyPlan plan;
            std::string model;
            shared.take(plan, model);
            prepare(shared, rank.rank());
        });
        SharedPictures shared(group.rank(0));
        ApplyPlan plan = plan_of_twenty();
        shared.give(plan, "");
        prepare(shared, 0);
    }
    CHECK((ready == std::vector<int>(4, 0)));
    CHECK((said == std::vector<std::string>{"", "no device", "no model", ""}));
    CHECK((codes == std::vector<int>{2, 0, 0, 0}));
}

TEST_CASE("a single picture stays with rank 0, and so does all that it refuses") {
    for (const bool refuses : {false, true}) {
        ThreadGroup group(2);
        int code = -1;
        bool is_taken = true;
        {
            const ThreadGroup::Followers others(group, [&](Group& rank) {
                SharedPictures shared(rank);
                ApplyPlan plan;
                std::string model;
                is_taken = shared.take(plan, model);
                code = shared.leave(0);
            });
            SharedPictures shared(group.rank(0));
            ApplyPlan plan;
            plan.single = true;
            plan.jobs = {{"in.png", "out.png"}};
            if (!refuses) {
                shared.give(plan, "");
                CHECK(plan.jobs.size() == 1);
                CHECK(shared.all_ready([] {}));
                CHECK(shared.join().empty());
            }
            CHECK(shared.leave(refuses ? 2 : 0) == (refuses ? 2 : 0));
        }
        CHECK(code == 0);
        CHECK_FALSE(is_taken);
    }
}

TEST_CASE("outcomes come out of their texts as they went in") {
    const PictureOutcome plain{.input = "a b\n.png", .status = PictureStatus::failed, .message = "damaged"};
    const PictureOutcome full{.input = "\xff.png",
                              .output = "out/\xff.png",
                              .status = PictureStatus::written,
                              .width = 4000000000,
                              .height = 7,
                              .input_bytes = 1234567890123,
                              .output_bytes = 3,
                              .milliseconds = 0.1,
                              .notes = {"one", "", "three"}};
    PictureOutcome classified = plain;
    classified.status = PictureStatus::classified;
    classified.answer = {"", "b\n", 1.0 / 3, 1e-300, "\xff"};
    std::vector<std::string> texts;
    for (const PictureOutcome& outcome : {full, plain, full, classified}) append_texts(texts, outcome);
    std::vector<PictureOutcome> read;
    read_texts(texts, read);
    REQUIRE(read.size() == 4);
    CHECK(summary_line(read[1]) == summary_line(plain));
    CHECK_FALSE(read[1].answer);
    REQUIRE(read[3].answer);
    CHECK(read[3].answer->label.empty());
    CHECK(read[3].answer->runner_up == "b\n");
    CHECK(read[3].answer->probability == 1.0 / 3);
    CHECK(read[3].answer->runner_up_probability == 1e-300);
    CHECK(read[3].answer->truth == "\xff");
    for (const std::size_t i : {0u, 2u}) {
        CHECK(summary_line(read[i]) == summary_line(full));
        CHECK(read[i].input == full.input);
        CHECK(read[i].notes == full.notes);
        CHECK(read[i].milliseconds == full.milliseconds);
    }
}

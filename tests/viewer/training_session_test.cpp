// A run on its own thread, steered from this one.
#include "viewer/training_session.h"

#include <chrono>
#include <thread>

#include "model/model_file.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Four small pairs in batches of two: two steps an epoch, three epochs.
struct SessionScene {
    SessionScene() { write_pairs(folder.path(), 4, 9, 7); }
    TrainOptions options() const {
        TrainOptions options = small_options();
        options.input = folder / "input";
        options.target = folder / "target";
        options.output = folder / "run";
        options.batch = 2;
        return options;
    }
    TemporaryFolder folder;
};

/// Collects the news while it waits for a state.
class Listener {
  public:
    explicit Listener(TrainingSession& session) : session_(session) {}

    RunStatus wait_for(SessionState state, std::uint64_t steps) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
        for (;;) {
            listen();
            const RunStatus status = session_.status();
            if (status.state == state && status.steps_done == steps) {
                listen();
                return status;
            }
            if (std::chrono::steady_clock::now() > end) {
                FAIL("waited in vain: it is " << session_states[status.state] << " after "
                                              << status.steps_done << " steps: " << status.problem);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    bool started = false;
    std::vector<EpochRecord> records;
    std::optional<Parameters> resting;
    std::vector<std::string> notes;
    std::vector<RateChange> changes;
    std::optional<QualityRecord> quality;
    std::optional<SolvedEnd> solved;

  private:
    void listen() {
        RunNews news = session_.take_news();
        if (news.start) started = true;
        for (const RunNews::Epoch& epoch : news.epochs) records.push_back(epoch.record);
        if (news.resting) resting = news.resting->parameters;
        if (news.changes) changes = *news.changes;
        if (news.quality) quality = news.quality;
        if (news.solved) solved = news.solved;
        for (const std::string& note : news.notes) notes.push_back(note);
    }
    TrainingSession& session_;
};

}  // namespace

TEST_CASE("a session rests until it is told to go, and goes step by step") {
    const SessionScene scene;
    const ValidatedDevice device;
    bool ended = false;
    TrainingSession session(*device, scene.options(), {}, [&](const TrainOptions&) {
        ended = true;
        return std::string("the end");
    });
    Listener listener(session);
    listener.wait_for(SessionState::paused, 0);
    CHECK(listener.started);
    CHECK(listener.records.empty());

    session.one_step();
    listener.wait_for(SessionState::paused, 1);
    CHECK(listener.records.empty());
    REQUIRE(listener.resting);  // within an epoch, what it has come to can be seen
    CHECK_FALSE(same_bits(*listener.resting, initial_parameters(scene.options().network.network(), 11)));

    session.one_epoch();
    listener.wait_for(SessionState::paused, 2);
    CHECK(listener.records.size() == 1);
    session.one_epoch();
    listener.wait_for(SessionState::paused, 4);
    CHECK(listener.records.size() == 2);
    CHECK_FALSE(ended);

    session.run();
    listener.wait_for(SessionState::finished, 6);
    CHECK(listener.records.size() == 3);
    CHECK(ended);
    REQUIRE(listener.quality);
    CHECK(listener.quality->step == 6);
    CHECK(read_quality(scene.folder / "run/quality.json") == *listener.quality);
    REQUIRE_FALSE(listener.notes.empty());
    CHECK(listener.notes.back() == "the end");
    session.finish();  // throws nothing
}

TEST_CASE("a session tells what solving the last layer has brought, with the model that is kept") {
    const SessionScene scene;
    const ValidatedDevice device;
    TrainOptions options = scene.options();
    options.solve = true;
    TrainingSession session(*device, options, {}, {});
    Listener listener(session);
    session.run();
    listener.wait_for(SessionState::finished, 6);
    REQUIRE(listener.solved);
    CHECK(contains(listener.solved->line, "the last layer: "));
    REQUIRE(listener.solved->model);
    CHECK(same_bits(*listener.solved->model, read_model(scene.folder / "run/model.safetensors").parameters));
}

TEST_CASE("a session changes its rates while it rests, and while it does not") {
    const SessionScene scene;
    const ValidatedDevice device;
    TrainingSession session(*device, scene.options(), {}, {});
    Listener listener(session);
    session.run_to(2);
    listener.wait_for(SessionState::paused, 2);
    CHECK_THROWS_AS(session.change_rates({-1.0f, 0.9f}), InputError);
    session.change_rates({0.001f, 0.25f});
    session.run();
    const RunStatus status = listener.wait_for(SessionState::finished, 6);
    CHECK(status.rates == Rates{0.001f, 0.25f});
    CHECK(listener.changes == std::vector<RateChange>{{2, {0.001f, 0.25f}}});
    REQUIRE(listener.records.size() == 3);
    CHECK(listener.records[0].learning_rate == 0.01f);
    CHECK(listener.records[1].learning_rate == 0.001f);
    CHECK(read_config(scene.folder / "run/config.json").changes ==
          std::vector<RateChange>{{2, {0.001f, 0.25f}}});
}

TEST_CASE("a session that is stopped, or let go, has saved what was done") {
    const SessionScene scene;
    const ValidatedDevice device;
    {
        TrainingSession session(*device, scene.options(), {}, {});
        Listener listener(session);
        session.run_to(3);
        listener.wait_for(SessionState::paused, 3);
        SECTION("stopped") {
            session.stop();
            listener.wait_for(SessionState::stopped, 3);
        }
        SECTION("let go") {}
    }
    TrainOptions options = scene.options();
    options.resume = true;
    TrainingSession again(*device, options, {}, {});
    Listener listener(again);
    listener.wait_for(SessionState::paused, 3);
    again.run();
    listener.wait_for(SessionState::finished, 6);
}

TEST_CASE("a session that cannot begin says why") {
    const SessionScene scene;
    const ValidatedDevice device;
    TrainOptions options = scene.options();
    options.target = scene.folder / "nowhere";
    TrainingSession session(*device, options, {}, {});
    Listener listener(session);
    CHECK(contains(listener.wait_for(SessionState::failed, 0).problem, "nowhere"));
    CHECK_THROWS_AS(session.finish(), InputError);
}

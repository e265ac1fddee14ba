#include "train/logs/history.h"

#include <limits>

#include "model/network_text.h"
#include "train/logs/begin_log.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

Network tiny_network() {
    NetworkOptions options;
    options.hidden = 2;
    return two_layer_network(options);
}

EpochRecord made_record(std::uint32_t epoch) {
    EpochRecord record;
    record.epoch = epoch;
    record.step = 3 * epoch;
    record.learning_rate = 0.01f;
    record.train_loss = 1.0 / 3.0;
    record.seconds = 0.25;
    record.norms = {{"bn1", {0.1f, -2.0f}, {1.0f, 1e-9f}}, {"bn2", {0, 0, 0}, {1, 1, 1}}};
    return record;
}

constexpr const char* history_columns =
    "epoch,step,learning_rate,train_loss,validation_loss,seconds,bn1.moving_mean.0,bn1.moving_mean.1,"
    "bn1.moving_variance.0,bn1.moving_variance.1,bn2.moving_mean.0,bn2.moving_mean.1,bn2.moving_mean.2,"
    "bn2.moving_variance.0,bn2.moving_variance.1,bn2.moving_variance.2\n";

const std::string numbers = "0.100000001,-2,1,9.99999972e-10,0,0,0,1,1,1\n";

std::string row(std::uint32_t epoch) {
    return std::to_string(epoch) + "," + std::to_string(3 * epoch) + ",0.00999999978,0.333333333,,0.25," +
           numbers;
}

/// Begins or goes on with a file, and returns what is noted.
std::vector<std::string> begin_history(const std::filesystem::path& path, const Network& network,
                                       std::uint32_t epochs) {
    History history(path, network);
    return begin_log(history, 3 * epochs);
}

using Notes = std::vector<std::string>;

}  // namespace

TEST_CASE("history.csv has its columns in order and nine digits") {
    const TemporaryFolder folder;
    History history(folder / "history.csv", tiny_network());
    begin_log(history);
    CHECK(file_text(folder / "history.csv") == history_columns);
    history.on_epoch(made_record(1), {});
    EpochRecord second = made_record(2);
    second.validation_loss = 12345.678901234;
    history.on_epoch(second, {});
    CHECK(file_text(folder / "history.csv") ==
          history_columns + row(1) + "2,6,0.00999999978,0.333333333,12345.6789,0.25," + numbers);
}

TEST_CASE("a history without norm ends with the seconds") {
    NetworkOptions options;
    options.norm = NormPlacement::none;
    CHECK(history_header(two_layer_network(options)) ==
          "epoch,step,learning_rate,train_loss,validation_loss,seconds");
    const TemporaryFolder folder;
    const auto path = folder / "history.csv";
    EpochRecord record = made_record(1);
    record.norms.clear();
    History history(path, two_layer_network(options));
    begin_log(history);
    history.on_epoch(record, {});
    const std::vector<EpochRecord> read = read_history(path, two_layer_network(options));
    REQUIRE(read.size() == 1);
    CHECK(read[0].norms.empty());
    CHECK(read[0].domains.empty());
    CHECK(read[0].step == record.step);
}

TEST_CASE("a resumed history keeps the rows up to the checkpoint's epoch") {
    const TemporaryFolder folder;
    const auto path = folder / "history.csv";
    {
        History history(path, tiny_network());
        begin_log(history);
        for (std::uint32_t epoch = 1; epoch <= 4; ++epoch) history.on_epoch(made_record(epoch), {});
    }
    SECTION("rows beyond it are dropped") {
        History history(path, tiny_network());
        CHECK(begin_log(history, 2 * 3).empty());
        CHECK(file_text(path) == history_columns + row(1) + row(2));
        history.on_epoch(made_record(3), {});
        CHECK(file_text(path) == history_columns + row(1) + row(2) + row(3));
    }
    SECTION("half a row is dropped") {
        const std::string text = file_text(path);
        write_file_atomically(path, text.substr(0, text.size() - 7));
        CHECK(begin_history(path, tiny_network(), 9) ==
              Notes{path.string() + ": lacks 6 of the 9 epochs done"});
        CHECK(file_text(path) == history_columns + row(1) + row(2) + row(3));
    }
    SECTION("a run that has done no epoch begins anew") {
        CHECK(begin_history(path, tiny_network(), 0).empty());
        CHECK(file_text(path) == history_columns);
    }
    SECTION("a file that is gone begins anew") {
        std::filesystem::remove(path);
        CHECK(begin_history(path, tiny_network(), 3) ==
              Notes{path.string() + ": lacks 3 of the 3 epochs done"});
        CHECK(file_text(path) == history_columns);
    }
    SECTION("another network's is refused and left alone") {
        const std::string text = file_text(path);
        const Network other = two_layer_network(NetworkOptions{});
        CHECK(contains(message_of<InputError>([&] { begin_history(path, other, 2); }), path.string()));
        CHECK(file_text(path) == text);
    }
}

TEST_CASE("one limit of size holds for reading a history and for going on with it") {
    const TemporaryFolder folder;
    const auto path = folder / "history.csv";
    write_file_atomically(path, history_columns + row(1));
    std::filesystem::resize_file(path, (std::uintmax_t{1} << 30) + 1);  // takes no room on the disk
    const std::string limit = "at most 1073741824 are accepted";
    CHECK(contains(message_of<InputError>([&] { read_history(path, tiny_network()); }), limit));
    CHECK(contains(message_of<InputError>([&] { begin_history(path, tiny_network(), 1); }), limit));
}

TEST_CASE("a history that cannot be written says so") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "run");
    History history(folder / "run/history.csv", tiny_network());
    begin_log(history);
    std::filesystem::remove_all(folder / "run");
    CHECK(contains(message_of<WorkError>([&] { history.on_epoch(made_record(1), {}); }),
                   "history.csv: cannot write"));
}

TEST_CASE("a history is read as it was written") {
    const TemporaryFolder folder;
    const auto path = folder / "history.csv";
    History history(path, tiny_network());
    begin_log(history);
    CHECK(read_history(path, tiny_network()).empty());
    history.on_epoch(made_record(1), {});
    EpochRecord third = made_record(3);
    third.validation_loss = 0.125;
    third.train_loss = std::numeric_limits<double>::infinity();
    history.on_epoch(third, {});
    const std::vector<EpochRecord> records = read_history(path, tiny_network());
    REQUIRE(records.size() == 2);
    CHECK(history_row(records[0]) == history_row(made_record(1)));
    CHECK_FALSE(records[0].validation_loss);
    CHECK(history_row(records[1]) == history_row(third));
    CHECK(records[1].norms[0].moving_mean == std::vector<float>{0.1f, -2.0f});
    CHECK(records[1].norms[1].name == "bn2");
}

TEST_CASE("a history that was saved with the line ends of Windows is read and gone on with") {
    const TemporaryFolder folder;
    const auto path = folder / "history.csv";
    std::string text;
    for (const char character : history_columns + row(1) + row(2)) {
        if (character == '\n') text += '\r';
        text += character;
    }
    write_file_atomically(path, text);
    const std::vector<EpochRecord> records = read_history(path, tiny_network());
    REQUIRE(records.size() == 2);
    CHECK(history_row(records[1]) == history_row(made_record(2)));
    CHECK(begin_history(path, tiny_network(), 1).empty());
    CHECK(file_text(path) == history_columns + row(1));
}

TEST_CASE("a byte order mark before a history counts for nothing") {
    const TemporaryFolder folder;
    const auto path = folder / "history.csv";
    const std::string plain = history_columns + row(1) + row(2);
    write_file_atomically(path, "\xef\xbb\xbf" + plain);
    CHECK(read_history(path, tiny_network()).size() == 2);
    CHECK(begin_history(path, tiny_network(), 2).empty());
    CHECK(file_text(path) == plain);
}

TEST_CASE("a history is read up to a last line without its end") {
    const TemporaryFolder folder;
    const auto path = folder / "history.csv";
    write_file_atomically(path, history_columns + row(1) + row(2).substr(0, row(2).size() - 1));
    CHECK(read_history(path, tiny_network()).size() == 1);
}

TEST_CASE("a history that is missing, damaged or another network's is refused") {
    const TemporaryFolder folder;
    const auto path = folder / "history.csv";
    const auto refusal = [&](const Network& network) {
        return message_of<InputError>([&] { read_history(path, network); });
    };
    CHECK(refusal(tiny_network()) == path.string() + ": no such file");
    write_file_atomically(path, history_columns + row(1));
    CHECK(contains(refusal(two_layer_network(NetworkOptions{})),
                   "history.csv: its columns are not those of this run's network; "));
    const std::string start = "2,6,0.01,0.3,,";
    const std::vector<std::string> damaged = {
        "",                                            // an empty line
        "hello",                                       // no row at all
        "1,6,0.01,0.3,,0.25,0.1,-2,1,1,0,0,0,1,1,1",   // an epoch that was there before
        "-2,6,0.01,0.3,,0.25,0.1,-2,1,1,0,0,0,1,1,1",  // no epoch
        start + "0.2x,0.1,-2,1,1,0,0,0,1,1,1",         // no number
        start + "0.25,0.1,-2,1,1,0,0,0,1,1,",          // nothing where a number must be
        start + "0.25,0.1,-2,1,1,0,0,0,1,1",           // a field too few
        start + "0.25,0.1,-2,1,1,0,0,0,1,1,1,7"};      // and one too many
    for (const std::string& line : damaged) {
        write_file_atomically(path, history_columns + row(1) + line + "\n" + row(3));
        CHECK(contains(refusal(tiny_network()), "history.csv: line 3 is damaged"));
    }
    write_file_atomically(path, "");
    CHECK(contains(refusal(tiny_network()), "its columns are not those"));
}

TEST_CASE(
    "the history of a run on labelled pictures has accuracies, both scores and quantiles of wide norms") {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder / "history.csv";
    const Network network = parse_network("input 1x2x2, dense 66, norm, dense 2, norm", "");
    const HistoryColumns columns{.classes = true, .sets = {"train", "test"}};
    EpochRecord record = made_record(1);
    record.train_accuracy = 0.75;
    record.sets = {{"train", {0.5, 0.25}, {1.5, 0.125}}, {"test", {0.625, 1.0}, {2.5, 0.0}}};
    std::vector<float> many(66);
    for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<float>(i);
    record.norms = {{"bn1", many, many, {}, {}}, {"bn2", {1, 2}, {3, 4}, {}, {}}};
    History history(path, network, columns);
    begin_log(history);
    history.on_epoch(record, Parameters());
    CHECK(file_text(path) ==
          "epoch,step,learning_rate,train_loss,validation_loss,seconds,train_accuracy,validation_accuracy,"
          "train_batch_loss,train_batch_accuracy,train_moving_loss,train_moving_accuracy,test_batch_loss,"
          "test_batch_accuracy,test_moving_loss,test_moving_accuracy,"
          "bn1.moving_mean.smallest,bn1.moving_mean.lower_quartile,bn1.moving_mean.median,"
          "bn1.moving_mean.upper_quartile,bn1.moving_mean.largest,bn1.moving_variance.smallest,"
          "bn1.moving_variance.lower_quartile,bn1.moving_variance.median,bn1.moving_variance.upper_quartile,"
          "bn1.moving_variance.largest,bn2.moving_mean.0,bn2.moving_mean.1,bn2.moving_variance.0,"
          "bn2.moving_variance.1\n"
          "1,3,0.00999999978,0.333333333,,0.25,0.75,,0.5,0.25,1.5,0.125,0.625,1,2.5,0,"
          "0,16.25,32.5,48.75,65,0,16.25,32.5,48.75,65,1,2,3,4\n");
    const std::vector<EpochRecord> read = read_history(path, network);
    REQUIRE(read.size() == 1);
    CHECK(history_row(read[0], columns) + "\n" == file_text(path).substr(file_text(path).find('\n') + 1));
    CHECK(read[0].norms[0].quantiles);
    CHECK_FALSE(read[0].norms[1].quantiles);
    CHECK(read[0].train_accuracy == 0.75);
    CHECK_FALSE(read[0].validation_accuracy);
    CHECK(read[0].sets[1].set == "test");
}

// The table of a training run, without a terminal.
#include <algorithm>

#include "catch.h"
#include "cli/tables.h"
#include "screen.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

using Rows = std::vector<std::string>;

NormStatistics norm(const std::string& name, std::size_t channels) {
    NormStatistics norm{name, std::vector<float>(channels), std::vector<float>(channels)};
    for (std::size_t i = 0; i < channels; ++i) {
        norm.moving_mean[i] = 0.5f - static_cast<float>(i);
        norm.moving_variance[i] = 1 + static_cast<float>(i);
    }
    return norm;
}

EpochRecord record_of(std::size_t hidden) {
    EpochRecord record;
    record.epoch = 7;
    record.learning_rate = 0.01f;
    record.train_loss = 0.0123456789;
    record.seconds = 0.25;
    record.norms = {norm("bn1", hidden), norm("bn2", 3)};
    return record;
}

bool no_row_is_wider(const Rows& rows, std::size_t columns) {
    return std::ranges::all_of(rows, [&](const std::string& row) { return row.size() <= columns; });
}

}  // namespace

TEST_CASE("the table has every channel where there is room for it") {
    EpochRecord record = record_of(9);
    record.validation_loss = 0.5;
    const Rows rows = {"epoch   7/200  loss 0.01234568 (19.1 dB)  validation 0.50000000 (3.0 dB)",
                       "learning rate 0.01  elapsed 1 min 5 s  0.25 s an epoch",
                       "moving mean and moving variance",
                       "  bn1 mean           0.5000   -0.5000   -1.5000   -2.5000   -3.5000   -4.5000",
                       "                    -5.5000   -6.5000   -7.5000",
                       "  bn1 variance       1.0000    2.0000    3.0000    4.0000    5.0000    6.0000",
                       "                     7.0000    8.0000    9.0000",
                       "  bn2 mean           0.5000   -0.5000   -1.5000",
                       "  bn2 variance       1.0000    2.0000    3.0000"};
    CHECK(training_table(record, 200, 65, {79, 9}) == rows);
}

TEST_CASE("where rows lack the table has ranges, then only the loss, then nothing") {
    const EpochRecord record = record_of(9);
    const Rows rows = {
        "epoch   7/200  loss 0.01234568 (19.1 dB)",        "learning rate 0.01  elapsed 1 s  0.25 s an epoch",
        "moving statistics  smallest      mean   largest", "  bn1 mean          -7.5000   -3.5000    0.5000",
        "  bn1 variance       1.0000    5.0000    9.0000", "  bn2 mean          -1.5000   -0.5000    0.5000",
        "  bn2 variance       1.0000    2.0000    3.0000"};
    CHECK(training_table(record, 200, 1, {79, 8}) == rows);
    CHECK(training_table(record, 200, 1, {79, 7}).size() == 7);
    CHECK(training_table(record, 200, 1, {79, 6}).size() == 2);
    CHECK(training_table(record, 200, 1, {79, 2}).size() == 2);
    CHECK(training_table(record, 200, 1, {79, 1}).empty());
}

TEST_CASE("no row of statistics is wider than the terminal, and all channels are there while they fit") {
    for (const std::size_t hidden : {1, 3, 16, 17, 100}) {
        for (std::size_t columns = 1; columns < 130; ++columns) {
            INFO(hidden << " channels, " << columns << " columns");
            Rows rows = training_table(record_of(hidden), 200, 1, {columns, 100});
            rows.erase(rows.begin(), rows.begin() + 2);
            CHECK(no_row_is_wider(rows, columns));
            CHECK(rows.empty() == (columns < 47 && (columns < 31 || hidden > 16)));
        }
    }
    const Rows rows = training_table(record_of(17), 200, 1, {79, 21});
    CHECK(rows_with(rows, "  (smallest, mean, largest)") == 2);
    CHECK(rows_with(training_table(record_of(17), 200, 1, {99, 21}), "largest of 17 channels)") == 2);
}

TEST_CASE("streams have rows of their own, and long names are cut before numbers are") {
    EpochRecord record = record_of(4);
    record.domains = {{"night", {norm("bn1", 4), norm("bn2", 3)}}};
    Rows rows = training_table(record, 200, 1, {79, 30});
    CHECK(rows_with(rows, "  night bn1 variance") == 1);
    CHECK(rows.size() == 11);
    record.domains[0].name = std::string(64, 'n');
    rows = training_table(record, 200, 1, {59, 30});
    CHECK(no_row_is_wider(rows, 59));
    CHECK(rows_with(rows, "nnn bn2 mean") == 1);
}

TEST_CASE("a network without norms has its loss and time") {
    EpochRecord record = record_of(1);
    record.norms.clear();
    CHECK(training_table(record, 200, 1, {79, 23}).size() == 2);
}

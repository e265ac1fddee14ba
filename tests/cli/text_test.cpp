// The lines that the commands are made of.
#include "cli/text.h"

#include <limits>

#include "base/counted.h"
#include "catch.h"
#include "cli/progress_bar.h"
#include "cli/tables.h"
#include "process.h"

using namespace shadenet;
using shadenet::test::Outcome;
using shadenet::test::Process;

TEST_CASE("quantities read well") {
    CHECK(duration_text(0.4213) == "0.42 s");
    CHECK(duration_text(9.96) == "10 s");
    CHECK(duration_text(59.7) == "1 min 0 s");
    CHECK(duration_text(7500) == "2 h 5 min");
    CHECK(bytes_text(1023) == "1023 bytes");
    CHECK(bytes_text(32 * 1024) == "32 KiB");
    CHECK(bytes_text(1610612736) == "1.5 GiB");
    CHECK(counted(1, "picture") == "1 picture");
    CHECK(counted(0, "picture") == "0 pictures");
    CHECK(shell_quoted("runs/a-1") == "runs/a-1");
    CHECK(shell_quoted("my run's") == "'my run'\\''s'");
    CHECK(shell_quoted("") == "''");
}

TEST_CASE("a path with control characters is shown in escapes, and can be pasted") {
    const std::string path =
        "it's\n\\\x1b[2J\u202egnp\xff"
        "9";
    CHECK(shown(path) == "it's\\n\\\\x1b[2J\\u202egnp\\xff9");
    CHECK(shell_quoted(path) == "$'it\\'s\\x0a\\\\\\x1b[2J\\xe2\\x80\\xaegnp\\xff9'");
    const Outcome echoed = Process({"/bin/bash", "-c", "printf %s " + shell_quoted(path)}).wait();
    CHECK(echoed.out == path);
}

TEST_CASE("a progress bar fits its terminal") {
    CHECK(progress_text(0.5, 61, "epoch 1/2", 80) ==
          "epoch 1/2  [====================>                   ]   50 %  1 min 1 s left");
    for (const std::size_t columns : {0, 1, 10, 33, 60, 79, 200}) {
        for (const double fraction : {-1.0, 0.0, 0.37, 1.0, 3.0}) {
            CHECK(progress_text(fraction, 86000, "epoch 12345/100000", columns).size() <= columns);
        }
    }
}

TEST_CASE("epoch lines have a column for each number") {
    EpochRecord record;
    record.epoch = 7;
    record.learning_rate = 0.01f;
    record.train_loss = 0.0123456789;
    record.seconds = 0.25;
    CHECK(epoch_line(record, 200) == "epoch   7/200  loss 0.01234568 (19.1 dB)  rate 0.01  0.250 s");
    record.validation_loss = 1.5e-7;
    CHECK(epoch_line(record, 200) ==
          "epoch   7/200  loss 0.01234568 (19.1 dB)  validation 1.5000e-07 (68.2 dB)  rate 0.01  0.250 s");
    CHECK(loss_text(std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("a verdict has its figures, and a line for every finding") {
    QualityRecord record{.of = 40, .pictures = std::vector<PictureQuality>(32)};
    record.all.loss = 1e-4;
    record.all.levels = 2;
    record.all.similarity = 0.98765;
    record.all.untouched = 0.01;
    record.verdict = {QualityGrade::close,
                      {{QualityKind::rim, "a line", "pad it"}, {QualityKind::soft, "soft", ""}}};
    CHECK(quality_lines(record) ==
          "verdict    close to the target (40.0 dB, 2.0 grey levels), SSIM 0.988, on 32 of 40 training "
          "pictures, "
          "as there are none for validation; before the filter 20.0 dB\n           a line; pad it\n          "
          " soft");
}

TEST_CASE("norm lines keep to 100 columns and say every channel or the range") {
    const NormStatistics norm{"bn1", std::vector<float>(9, -0.5f), std::vector<float>(9, 2e-5f)};
    CHECK(norm_lines(norm) ==
          "  bn1 mean         -0.5000   -0.5000   -0.5000   -0.5000   -0.5000   -0.5000   -0.5000   -0.5000\n"
          "                   -0.5000\n"
          "  bn1 variance    2.00e-05  2.00e-05  2.00e-05  2.00e-05  2.00e-05  2.00e-05  2.00e-05  2.00e-05\n"
          "                  2.00e-05");
    const NormStatistics large{"bn1", std::vector<float>(17, 1.0f), std::vector<float>(17, 1.0f)};
    CHECK_THAT(norm_lines(large), ContainsSubstring("of 17 channels"));
    CHECK_THAT(norm_lines(large, {.channels_shown = no_limit}), !ContainsSubstring("channels"));
}

TEST_CASE("words are wrapped where a line ends, and a long one has its own") {
    CHECK(wrapped("to be or not to be", 9) == "to be or\nnot to be");
    CHECK(wrapped("to be or not to be", 9, 2) == "to be\n  or not\n  to be");
    CHECK(wrapped("a honorificabilitudinitatibus b", 4) == "a\nhonorificabilitudinitatibus\nb");
    CHECK(wrapped("\u03b3\u03b3 \u03b3\u03b3", 5) == "\u03b3\u03b3 \u03b3\u03b3");
    CHECK(wrapped("to be", no_limit, 11) == "to be");
    CHECK(wrapped("", 5).empty());
}

// CIFAR's binary batches.
#include "data/labelled/cifar.h"

#include <atomic>
#include <span>

#include "base/error.h"
#include "base/file.h"
#include "catch.h"
#include "data/labelled/labelled_data.h"
#include "labelled_files.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("CIFAR-10's batches are read in the order of their numbers, with their classes") {
    const TemporaryFolder folder;
    write_bytes(folder / "data_batch_10.bin", cifar_record({2}, 30));
    write_bytes(folder / "data_batch_2.bin", joined(cifar_record({9}, 10), cifar_record({0}, 20)));
    write_bytes(folder / "test_batch.bin", cifar_record({1}, 40));
    write_file_atomically(folder / "batches.meta.txt",
                          "air\nauto\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
    const LabelledData data = read_labelled_data(folder.path(), {});
    CHECK(data.classes.size() == 10);
    CHECK(data.classes[9] == "truck");
    CHECK(data.training.shape == Shape{1, 3, 32, 32});
    CHECK(data.training.labels == std::vector<std::uint32_t>{9, 0, 2});
    CHECK(data.training.names ==
          std::vector<std::string>{"data_batch_2.bin 0", "data_batch_2.bin 1", "data_batch_10.bin 0"});
    CHECK(data.training.picture(1)[0] == 20);
    CHECK(data.training.picture(2)[1025] == static_cast<std::uint8_t>(30 + 1025));
    CHECK(data.training.levels.size() == 3 * 3072);
    CHECK(data.test.labels == std::vector<std::uint32_t>{1});
    CHECK(data.notes == std::vector<std::string>{
                            "no training picture is of class auto, cat, deer, dog, frog, horse, ship"});
}

TEST_CASE("of CIFAR-100 the fine classes are read, or the coarse ones") {
    const TemporaryFolder folder;
    write_bytes(folder / "train.bin", joined(cifar_record({3, 99}, 0), cifar_record({19, 5}, 1)));
    write_bytes(folder / "test.bin", cifar_record({0, 7}, 0));
    const LabelledData fine = read_labelled_data(folder.path(), {});
    CHECK(fine.classes.size() == 100);
    CHECK(fine.classes[42] == "42");
    CHECK(fine.training.labels == std::vector<std::uint32_t>{99, 5});
    CHECK(fine.training.picture(1)[0] == 1);
    CHECK(fine.test.labels == std::vector<std::uint32_t>{7});
    CHECK(fine.notes[0].ends_with(" and 88 more"));
    const LabelledData coarse = read_labelled_data(folder.path(), {.coarse = true});
    CHECK(coarse.classes.size() == 20);
    CHECK(coarse.training.labels == std::vector<std::uint32_t>{3, 19});
    CHECK(data_hash(coarse) != data_hash(fine));
}

TEST_CASE("CIFAR files of a wrong size, or that do not belong together, are refused") {
    const TemporaryFolder folder;
    const std::string name = folder.path().string();
    write_bytes(folder / "data_batch_1.bin", without_end(cifar_record({2}, 0), 1));
    CHECK(refusal_of(folder.path()) ==
          name +
              "/data_batch_1.bin: its 3072 bytes are no multiple of 3073 (CIFAR-10) or "
              "3074 (CIFAR-100): it is truncated or something else; get it again");
    write_bytes(folder / "data_batch_1.bin", {});
    CHECK_THAT(refusal_of(folder.path()), ContainsSubstring("its 0 bytes are no multiple"));
    write_bytes(folder / "data_batch_1.bin", cifar_record({2}, 0));
    write_bytes(folder / "test_batch.bin", cifar_record({2, 3}, 0));
    CHECK(refusal_of(folder.path()) ==
          name + "/data_batch_1.bin and " + name +
              "/test_batch.bin: one is of CIFAR-10, and the other of CIFAR-100; keep one "
              "data set in a folder");
    write_bytes(folder / "test.bin", cifar_record({2}, 0));
    CHECK_THAT(refusal_of(folder.path()), ContainsSubstring("has both test_batch.bin and test.bin"));
    write_bytes(folder / "train.bin", cifar_record({2}, 0));
    CHECK_THAT(refusal_of(folder.path()), ContainsSubstring("has both train.bin and data_batch_1.bin"));
    std::filesystem::remove(folder / "train.bin");
    std::filesystem::remove(folder / "data_batch_1.bin");
    CHECK(refusal_of(folder.path()) ==
          name + ": has no batch to train with (data_batch_1.bin or train.bin); put it there");
}

TEST_CASE("labels of CIFAR files that are out of range are refused, the one that is not used, too") {
    const TemporaryFolder folder;
    const std::string file = folder.path().string() + "/train.bin";
    write_bytes(folder / "train.bin", joined(cifar_record({9}, 0), cifar_record({10}, 0)));
    CHECK(refusal_of(folder.path()) ==
          file + ": the label 10 of picture 1 is out of range: there are 0 to 9");
    write_bytes(folder / "train.bin", cifar_record({19, 100}, 0));
    CHECK(refusal_of(folder.path()) ==
          file + ": the label 100 of picture 0 is out of range: there are 0 to 99");
    write_bytes(folder / "train.bin", cifar_record({20, 99}, 0));
    CHECK(refusal_of(folder.path()) ==
          file + ": the label 20 of picture 0 is out of range: there are 0 to 19");
}

TEST_CASE("names of classes that are not as many as CIFAR has are refused") {
    const TemporaryFolder folder;
    write_bytes(folder / "data_batch_1.bin", cifar_record({2}, 0));
    write_file_atomically(folder / "batches.meta.txt", "air\r\nauto\r\n");
    CHECK(refusal_of(folder.path()) ==
          folder.path().string() +
              "/batches.meta.txt: names 2 classes, and the labels are of 10; get it again");
}

TEST_CASE("a size that fits both of CIFAR's records is decided by the name") {
    const TemporaryFolder folder;
    Bytes file(std::size_t{3073} * 3074);
    write_bytes(folder / "data_batch_1.bin", file);
    CHECK(read_labelled_data(folder.path(), {}).training.size() == 3074);
    std::filesystem::remove(folder / "data_batch_1.bin");
    write_bytes(folder / "train.bin", file);
    CHECK(read_labelled_data(folder.path(), {}).training.size() == 3073);
}

TEST_CASE("options that do not belong to the data are refused") {
    const TemporaryFolder folder;
    const std::string name = folder.path().string();
    const auto refusal = [&](const LabelledOptions& options) {
        return message_of<InputError>([&] { read_labelled_data(folder.path(), options); });
    };
    write_bytes(folder / "data_batch_1.bin", joined(cifar_record({2}, 0), cifar_record({3}, 0)));
    CHECK(refusal({.coarse = true}) ==
          name + ": is CIFAR-10, which has no coarse classes; leave --coarse out");
    CHECK(refusal({.size = 8}) ==
          name + ": its pictures all have one size already, which they keep; leave --size out");
    write_idx_part(folder.path(), "train", {0, 1});
    CHECK(refusal({.coarse = true}) ==
          name + ": is not CIFAR-100, which alone has coarse classes; leave --coarse out");
    const std::atomic<bool> stop = true;
    CHECK_THROWS_AS(read_labelled_data(folder.path(), {.stop = &stop}), Stopped);
}

TEST_CASE("two classes of CIFAR with one name are refused") {
    const TemporaryFolder folder;
    write_bytes(folder / "data_batch_1.bin", joined(cifar_record({9}, 10), cifar_record({0}, 20)));
    write_file_atomically(folder / "batches.meta.txt",
                          "air\nauto\nbird\ncat\ndeer\nbird\nfrog\nhorse\nship\ntruck\n");
    CHECK(refusal_of(folder.path()) == folder.path().string() +
                                           ": the classes 2 and 5 have the name \"bird\"; give each class a "
                                           "name of its own");
}

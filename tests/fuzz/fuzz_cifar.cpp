// Any bytes as a binary batch of CIFAR-10 and CIFAR-100.
#include <cstdlib>
#include <span>

#include "data/labelled/cifar.h"
#include "fuzz/fuzz.h"

using namespace shadenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const CifarRecord& record : {CifarRecord{1, false}, CifarRecord{2, false}, CifarRecord{2, true}}) {
        fuzz::read_or_refuse([&] {
            LabelledPictures pictures{{1, 3, 32, 32}, {}, {}, {}};
            append_cifar(std::as_bytes(std::span(data, size)), "x", record, pictures, nullptr);
            if (pictures.size() * record.bytes() != size || pictures.names.size() != pictures.size()) {
                std::abort();
            }
            for (std::uint32_t i = 0; i < pictures.size(); ++i) {
                if (pictures.labels[i] >= record.classes()) std::abort();
                if (pictures.picture(i)[0] != data[i * record.bytes() + record.labels]) std::abort();
            }
        });
    }
    return 0;
}

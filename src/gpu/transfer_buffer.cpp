#include "gpu/transfer_buffer.h"

namespace shadenet {

TransferBuffer::TransferBuffer(const Device& device, std::uint64_t bytes, const std::string& name)
    : device_(device, bytes, name) {
    if (device_.mapped().empty()) host_ = Buffer::on_host(device, bytes, name + " staging");
}

void TransferBuffer::upload(Recorder& recorder, std::uint64_t bytes) const {
    if (host_) recorder.copy(host_->range(0, bytes), device_.range(0, bytes));
}

void TransferBuffer::download(Recorder& recorder, std::uint64_t bytes) const {
    if (host_) recorder.copy(device_.range(0, bytes), host_->range(0, bytes));
}

}  // namespace shadenet

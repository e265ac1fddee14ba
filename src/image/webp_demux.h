// A WebP file's parts.
#pragma once

#include <memory>

#include <webp/demux.h>

#include "image/bytes.h"

namespace shadenet {

struct DeleteWebpDemuxer {
    void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
using WebpDemuxer = std::unique_ptr<WebPDemuxer, DeleteWebpDemuxer>;

inline WebPData webp_data(Bytes bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

/// Null for bytes that are no whole WebP. They must outlive it.
inline WebpDemuxer webp_parts(Bytes bytes) {
    const WebPData data = webp_data(bytes);
    return WebpDemuxer(WebPDemux(&data));
}

}  // namespace shadenet

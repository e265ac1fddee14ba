#include "engine/two_layer/fused.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/learning/decay_numbers.h"
#include "engine/tensors/smaller.h"
#include "engine/two_layer/fused_crops.h"

namespace shadenet {

namespace {

constexpr std::uint64_t sums_bytes = 32 << 20;  // partial sums kept at a time
constexpr std::uint32_t loop_limit = 32768;     // rounds of a thread: half of the limit of some drivers

/// Rows of a block: more where a picture would otherwise leave too many partial results.
std::uint32_t block_rows(const FusedTile& tile, std::uint32_t width, std::uint32_t height,
                         std::uint64_t slot_bytes) {
    const std::uint64_t strips = pieces_of(width, tile.strip);
    std::uint32_t rows = tile.block_rows;
    while (rows < height && strips * pieces_of(height, rows) * slot_bytes > sums_bytes) rows *= 2;
    return rows;
}

constexpr std::uint64_t moments_slot_bytes = 3 * push::FUSED_MOMENTS * sizeof(float);

FusedNetwork matched(const Network& architecture) {
    FusedMatch match = match_fused(architecture);
    if (!match.network) throw InputError("the fused plan " + match.reason + "; use --plan stack");
    return *match.network;
}

}  // namespace

FusedPlan::FusedPlan(const Device& device, const Network& architecture, const ParameterBuffers& parameters,
                     const FusedLayout& layout, std::uint32_t batch, const FusedTiles& tiles,
                     std::optional<std::uint64_t> pixels_per_call, const Shares& shares)
    : device_(device),
      network_(matched(architecture)),
      parameters_(parameters),
      tiles_(tiles),
      correlates_(correlates(network_, tiles)),
      pixels_per_call_(pixels_per_call.value_or(default_pixels_per_call(device))),
      layout_(layout),
      shares_(shares),
      batch_(batch),
      channels_(pieces_of(network_.hidden(), tiles.backward.group) * tiles.backward.group),
      sum_columns_(correlates_ ? FUSED_CORRELATIONS(network_.patch())
                               : channels_ * FUSED_ROW(network_.patch()) + 1),
      y_stride_(static_cast<std::uint32_t>(align_up(std::uint64_t{3} * layout.plane() * sizeof(float)) /
                                           sizeof(float))),
      forward_division_(divide(tiles.forward, moments_slot_bytes, 0)),
      backward_division_(divide(backward_tile(network_, tiles), sum_columns_ * sizeof(float), layout.ring())),
      reducer_(device),
      network_push_(fused_network_push(network_, parameters)),
      decays_on_device_(device, 2 * sizeof(push::DecayNumbers), "decays of the fused plan"),
      folded_(
          device,
          sizeof(float) * (std::uint64_t{channels_} * (FUSED_ROW(network_.patch()) + 1 + network_.patch()) +
                           push::FUSED_TAIL + network_.patch()),
          "folded weights"),
      y_(device, std::uint64_t{batch} * y_stride_ * sizeof(float), "y of the fused plan"),
      moments_(device, std::uint64_t{batch} * forward_division_.slots() * moments_slot_bytes, "moments"),
      merged_(device,
              std::max(moments_.bytes(), shares.count() * moments_slot_bytes) / Reducer::rows_per_sum +
                  range_alignment,
              "merged moments"),
      remerged_(device, merged_.bytes() / Reducer::rows_per_sum + range_alignment, "merged moments, again"),
      sums_(device, (channels_ * FUSED_ROW(network_.patch()) + 1) * sizeof(float),
            "sums of the backward pass"),
      norm_kernels_(device, network_, network_.before ? push::NORM_BATCH : push::NORM_NONE,
                    layout.ring() > 0),
      merge_(device, "fused_merge", {"partial", "merged"}),
      forward_(device, "fused_forward",
               {"pictures", "folded", "y", "moments", "pictures_texels", "folded_texels"},
               forward_constants()),
      backward_(device, correlates_ ? "fused_correlate" : "fused_backward",
                {"pictures", "folded", "y", "sums", "pictures_texels", "folded_texels", "y_texels"},
                backward_constants()) {
    if (moments_.bytes() > device.info().max_storage_range) {
        throw InputError(
            fmt::format("{}: a batch of {} pictures leaves more partial results than the device binds at "
                        "once; use a smaller --batch",
                        device.info().name, batch));
    }
    network_push_.channels = channels_;
    network_push_.pixel_scale = layout_.pixel_scale();
    if (correlates_) {
        correlations_.emplace(device, sum_columns_ * sizeof(float), "correlations");
        compose_.emplace(device, "fused_compose",
                         std::initializer_list<const char*>{"correlations", "folded", "sums"},
                         std::vector<Constant>{{"KERNEL", network_.conv1.kernel}, {"CHANNELS", channels_}});
    }
    const std::uint32_t sums = pieces_of(batch, images_per_sum());
    reducer_.reserve(std::uint64_t{std::min(batch, images_per_sum())} * backward_division_.slots(),
                     sum_columns_);
    if (sums > 1) reducer_.reserve(sums, sum_columns_, 1);
    if (shares_.count() > 1) {
        share_moments_.emplace(device, shares_, 3 * push::FUSED_MOMENTS, "moments of the shares");
        share_sums_.emplace(device, shares_, sum_columns_, "sums of the shares");
        reducer_.reserve(shares_.count(), sum_columns_, 1);
    }
    reducer_.allocate();
    // The passes read the margins of y. Their values have no effect, but must not be NaN.
    Recorder recorder(device);
    recorder.fill(y_.whole(), 0);
    set_decays(recorder, decays(architecture));
    recorder.finish();
}

void FusedPlan::set_decays(Recorder& recorder, std::span<const float> decays) {
    if (std::ranges::equal(decays, decays_)) return;
    decays_.assign(decays.begin(), decays.end());
    std::vector<push::DecayNumbers> numbers;
    for (const float decay : decays) numbers.push_back(decay_numbers(decay));
    recorder.write(decays_on_device_.whole(), std::as_bytes(std::span(numbers)));
}

FusedPlan::NormKernels::NormKernels(const Device& device, const FusedNetwork& network, std::uint32_t norm,
                                    bool continued)
    : fold(device, "fused_fold", {"parameters", "patches", "statistics", "folded", "decays"},
           {{"KERNEL", network.conv1.kernel}, {"NORM", norm}}),
      output(device, "fused_output", {"moments", "parameters", "statistics", "folded", "decays"},
             {{"KERNEL", network.conv1.kernel}, {"NORM", norm}}),
      gradients(device, "fused_gradients", {"sums", "folded", "parameters", "gradients"},
                {{"KERNEL", network.conv1.kernel},
                 {"NORM", norm},
                 // Without zeros around it β of layer 1 stays a constant up to bn2, which takes it away.
                 {"BETA1_CANCELS", continued && !network.activation}}) {}

void FusedPlan::freeze_norms(bool frozen) {
    frozen_ = frozen && network_.before;
    if (frozen_ && !frozen_kernels_)
        frozen_kernels_.emplace(device_, network_, push::NORM_FROZEN, layout_.ring() > 0);
}

std::uint64_t FusedPlan::default_pixels_per_call(const Device& device) {
    return device.for_window() && device.info().kind == DeviceKind::software ? 1 << 17 : 2 << 20;
}

std::uint64_t FusedPlan::moments_bytes(std::uint32_t width, std::uint32_t height, const FusedTile& tile) {
    const std::uint32_t rows = block_rows(tile, width, height, moments_slot_bytes);
    return std::uint64_t{pieces_of(width, tile.strip)} * pieces_of(height, rows) * moments_slot_bytes;
}

FusedPlan::Division FusedPlan::divide(FusedTile tile, std::uint64_t slot_bytes, std::uint32_t ring) const {
    const std::uint32_t width = layout_.width + 2 * ring, height = layout_.height + 2 * ring;
    const std::uint32_t rows = block_rows(tile, width, height, slot_bytes);
    if (rows > loop_limit) throw InputError("pictures of more than 32768 rows; use --plan stack");
    tile.texels = tile.texels && texels_fit();
    return {tile, pieces_of(width, tile.strip), pieces_of(height, rows), rows, width % tile.strip != 0};
}

bool FusedPlan::texels_fit() const {
    const std::uint64_t most = device_.info().max_texels;
    return layout_.pair_stride() <= most && y_stride_ <= most;
}

/// Images whose partial sums of the backward pass are kept at a time.
std::uint32_t FusedPlan::images_per_sum() const {
    const std::uint64_t image_bytes =
        std::uint64_t{backward_division_.slots()} * sum_columns_ * sizeof(float);
    return static_cast<std::uint32_t>(std::max<std::uint64_t>(1, sums_bytes / image_bytes));
}

std::vector<Constant> FusedPlan::constants(const Division& division) const {
    const FusedTile& tile = division.tile;
    return {{"KERNEL", network_.conv1.kernel}, {"STRIP", tile.strip},
            {"CHANNELS", channels_},           {"PACKED", layout_.packed},
            {"TEXELS", tile.texels},           {"RAGGED", division.ragged},
            {"CONTINUED", layout_.ring() > 0}, {local_size_constant, tile.local_size}};
}

std::vector<Constant> FusedPlan::forward_constants() const {
    std::vector<Constant> all = constants(forward_division_);
    all.push_back({"KIND", network_.kind()});
    return all;
}

std::vector<Constant> FusedPlan::backward_constants() const {
    std::vector<Constant> all = constants(backward_division_);
    if (correlates_) return all;
    all.push_back({"KIND", network_.kind()});
    all.push_back({"GROUP", backward_division_.tile.group});
    return all;
}

/// Cuts `images` from `first` on into calls that end soon and bind no more than the device allows.
std::vector<FusedPlan::Piece> FusedPlan::pieces(const Division& division, std::uint32_t first,
                                                std::uint32_t images) const {
    const std::uint64_t image_floats = std::max<std::uint64_t>(layout_.pair_stride(), y_stride_);
    std::uint64_t most_floats = device_.info().max_storage_range / sizeof(float);
    if (division.tile.texels) most_floats = std::min(most_floats, device_.info().max_texels);
    if (image_floats > most_floats) {
        throw InputError(fmt::format(
            "{}: a picture of {}x{} needs {} MiB in one binding, and the device binds {} MiB; use {}",
            device_.info().name, layout_.width, layout_.height, image_floats >> 18, most_floats >> 18,
            smaller_pictures));
    }
    const std::uint64_t plane = std::uint64_t{layout_.width} * layout_.height;
    const std::uint64_t together = std::clamp<std::uint64_t>(
        pixels_per_call_ / plane, 1,
        std::min<std::uint64_t>(most_floats / image_floats, device_.info().max_group_count[2]));
    const std::uint64_t block_pixels = std::uint64_t{division.block_rows} * layout_.width;
    const auto blocks = static_cast<std::uint32_t>(
        std::clamp<std::uint64_t>(pixels_per_call_ / block_pixels, 1, division.blocks));
    std::vector<Piece> pieces;
    for (std::uint32_t image = 0; image < images; image += static_cast<std::uint32_t>(together)) {
        const std::uint32_t count = std::min(images - image, static_cast<std::uint32_t>(together));
        for (std::uint32_t block = 0; block < division.blocks; block += blocks) {
            pieces.push_back({first + image, count, block, std::min(blocks, division.blocks - block)});
        }
    }
    return pieces;
}

push::FusedPassPush FusedPlan::pass_push(const Division& division, const Piece& piece) const {
    const double scale = static_cast<double>(all_images_) * 3.0 *
                         static_cast<double>(std::uint64_t{layout_.width} * layout_.height);
    return {.width = layout_.width,
            .height = layout_.height,
            .pitch = layout_.pitch(),
            .plane = layout_.plane(),
            .picture_stride = layout_.pair_stride(),
            .target_offset = layout_.target_offset(),
            .y_stride = y_stride_,
            .strips = division.strips,
            .blocks = division.blocks,
            .block_rows = division.block_rows,
            .first_block = piece.first_block,
            .first_image = piece.first_image,
            .residual = network_.residual ? 1.0f : 0.0f,
            .loss_scale = static_cast<float>(1.0 / scale),
            .levels = 1.0f / layout_.pixel_scale()};
}

BufferRange FusedPlan::y_range(std::uint32_t first, std::uint32_t images) const {
    const std::uint64_t bytes = std::uint64_t{y_stride_} * sizeof(float);
    return y_.range(first * bytes, images * bytes);
}

/// A texel binding must be within the limit even if the shader reads only the storage.
BufferRange FusedPlan::as_texels(const BufferRange& range, const Division& division) const {
    return division.tile.texels ? range : range.buffer->range(range.offset, sizeof(float));
}

std::unique_ptr<BatchSource> FusedPlan::make_source(const Examples& examples) {
    if (const PictureCrops* crops = examples.crops())
        return std::make_unique<FusedCrops>(device_, layout_, *crops, batch_, PictureRoom(device_.info()),
                                            shares_);
    return std::make_unique<FusedPictures>(device_, layout_, examples, batch_, shares_);
}

void FusedPlan::share_step(Recorder& recorder, const Batch& batch, const BatchShares& given,
                           const StepRecord& record) {
    const std::uint32_t images = batch.pairs.shape.n;
    const BatchShares shares = given.sizes.empty() ? BatchShares{{images}, images} : given;
    if (shares.sizes.size() != shares_.own()) throw std::invalid_argument("the fused plan has other shares");
    all_images_ = shares.all;
    const NormKernels& kernels = frozen_ ? *frozen_kernels_ : norm_kernels_;
    kernels.fold(recorder,
                 {{"parameters", parameters_.all_parameters()},
                  {"patches", batch.statistics},
                  {"statistics", parameters_.all_statistics()},
                  {"folded", folded_.whole()},
                  {"decays", decays_on_device_.whole()}},
                 network_push_, {64, channels_});
    forward(recorder, batch.pairs);
    const BufferRange moments = join_moments(recorder, shares);
    kernels.output(recorder,
                   {{"moments", moments},
                    {"parameters", parameters_.all_parameters()},
                    {"statistics", parameters_.all_statistics()},
                    {"folded", folded_.whole()},
                    {"decays", decays_on_device_.whole()}},
                   network_push_, {3});
    join_sums(recorder, batch.pairs, shares);
    if (compose_) {
        (*compose_)(
            recorder,
            {{"correlations", correlations_->whole()}, {"folded", folded_.whole()}, {"sums", sums_.whole()}},
            {.levels = 1.0f / layout_.pixel_scale()}, {FUSED_ROW(network_.patch()), channels_});
    }
    kernels.gradients(recorder,
                      {{"sums", sums_.whole()},
                       {"folded", folded_.whole()},
                       {"parameters", parameters_.all_parameters()},
                       {"gradients", parameters_.all_gradients()}},
                      network_push_, {network_.patch(), network_.hidden()});
    recorder.copy(sums_.range(sums_.bytes() - sizeof(float), sizeof(float)),
                  {record.losses.buffer, record.losses.offset + record.row * sizeof(float), sizeof(float)});
}

void FusedPlan::forward(Recorder& recorder, const TensorView& pairs) {
    const std::uint32_t images = pairs.shape.n;
    for (const Piece& piece : pieces(forward_division_, 0, images)) {
        const BufferRange pictures = pairs.images(piece.first_image, piece.images).range();
        forward_(recorder,
                 {{"pictures", pictures},
                  {"folded", folded_.whole()},
                  {"y", y_range(piece.first_image, piece.images)},
                  {"moments", moments_.whole()},
                  {"pictures_texels", as_texels(pictures, forward_division_)},
                  {"folded_texels", folded_.whole()}},
                 pass_push(forward_division_, piece), {forward_division_.strips, piece.blocks, piece.images});
    }
}

BufferRange FusedPlan::join_moments(Recorder& recorder, const BatchShares& shares) {
    const auto of_images = [&](std::uint32_t first, std::uint32_t images) {
        const std::uint32_t slots = forward_division_.slots();
        return merge_moments(recorder, moments_.whole(), first * slots, images * slots);
    };
    if (!share_moments_) return of_images(0, shares.sizes.front());
    std::uint32_t first = 0;
    for (std::uint32_t share = 0; share < shares.sizes.size(); first += shares.sizes[share++]) {
        const BufferRange row = share_moments_->range(share);
        if (shares.sizes[share] == 0) {
            recorder.fill(row, 0);
        } else {
            recorder.copy(of_images(first, shares.sizes[share]), row);
        }
    }
    share_moments_->exchange(recorder);
    return merge_moments(recorder, share_moments_->all(), 0, share_moments_->count());
}

BufferRange FusedPlan::merge_moments(Recorder& recorder, BufferRange moments, std::uint32_t first_row,
                                     std::uint32_t rows) {
    const Buffer *to = &merged_, *next = &remerged_;
    do {
        const std::uint32_t groups = pieces_of(rows, Reducer::rows_per_sum);
        const BufferRange merged = to->range(0, groups * moments_slot_bytes);
        merge_(recorder, {{"partial", moments}, {"merged", merged}},
               {.rows = rows, .per_group = Reducer::rows_per_sum, .first_row = first_row},
               Reducer::stage_threads(3, groups));
        moments = merged;
        std::swap(to, next);
        rows = groups;
        first_row = 0;
    } while (rows > 1);
    return moments;
}

void FusedPlan::join_sums(Recorder& recorder, const TensorView& pairs, const BatchShares& shares) {
    const BufferRange result = correlations_ ? correlations_->whole() : sums_.whole();
    if (!share_sums_) return backward(recorder, pairs, 0, shares.sizes.front(), result, 0);
    std::uint32_t first = 0;
    for (std::uint32_t share = 0; share < shares.sizes.size(); first += shares.sizes[share++]) {
        if (shares.sizes[share] == 0) {
            recorder.fill(share_sums_->range(share), 0);
        } else {
            backward(recorder, pairs, first, shares.sizes[share], share_sums_->all(),
                     share_sums_->row(share));
        }
    }
    share_sums_->exchange(recorder);
    const std::uint32_t rows = share_sums_->count();
    recorder.copy(share_sums_->all(), reducer_.partials(std::uint64_t{rows} * sum_columns_, 1));
    reducer_.sum(recorder, 1, rows, sum_columns_, 1.0f, result);
}

/// Writes the sums over these images to row `to_row` of `to`.
void FusedPlan::backward(Recorder& recorder, const TensorView& pairs, std::uint32_t first,
                         std::uint32_t images, BufferRange to, std::uint32_t to_row) {
    const std::uint32_t together = images_per_sum(), parts = pieces_of(images, together);
    if (parts == 1) return backward_part(recorder, pairs, first, images, to, to_row);
    const BufferRange rows = reducer_.partials(std::uint64_t{parts} * sum_columns_, 1);
    for (std::uint32_t part = 0; part < parts; ++part) {
        const std::uint32_t begin = part * together;
        backward_part(recorder, pairs, first + begin, std::min(together, images - begin), rows, part);
    }
    reducer_.sum(recorder, 1, parts, sum_columns_, 1.0f, to, to_row);
}

/// The same of so few images that their partial sums are kept at a time.
void FusedPlan::backward_part(Recorder& recorder, const TensorView& pairs, std::uint32_t first,
                              std::uint32_t images, BufferRange to, std::uint32_t to_row) {
    const std::uint32_t rows = images * backward_division_.slots();
    const std::uint32_t threads = correlates_ ? 3 : channels_ / tiles_.backward.group;  // of a strip
    const BufferRange partials = reducer_.partials(std::uint64_t{rows} * sum_columns_);
    for (Piece piece : pieces(backward_division_, first, images)) {
        const BufferRange pictures = pairs.images(piece.first_image, piece.images).range();
        const BufferRange y = y_range(piece.first_image, piece.images);
        piece.first_image -= first;
        backward_(recorder,
                  {{"pictures", pictures},
                   {"folded", folded_.whole()},
                   {"y", y},
                   {"sums", partials},
                   {"pictures_texels", as_texels(pictures, backward_division_)},
                   {"folded_texels", folded_.whole()},
                   {"y_texels", as_texels(y, backward_division_)}},
                  pass_push(backward_division_, piece),
                  {std::uint64_t{backward_division_.strips} * threads, piece.blocks, piece.images});
    }
    reducer_.sum(recorder, 0, rows, sum_columns_, 1.0f, to, to_row);
}

}  // namespace shadenet

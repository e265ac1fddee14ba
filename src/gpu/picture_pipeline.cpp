#include "gpu/picture_pipeline.h"

#include <fmt/format.h>

#include "base/error.h"
#include "gpu/shader_source.h"
#include "show_picture_push.h"

namespace shadenet {

namespace {

constexpr std::uint32_t pictures_per_pool = 32;
constexpr VkShaderStageFlags both_stages = VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT;
static_assert(sizeof(push::ShowPicturePush) <= 128, "Vulkan guarantees 128 bytes of push constants");

push::ShowPicturePush push_of(const PaintedPicture& picture, float frame_width, float frame_height) {
    const Rectangle &at = picture.screen, &uv = picture.uv;
    const auto& [a, b] = std::pair(picture.a, picture.b);
    return {.left = 2 * at.left / frame_width - 1,
            .top = 2 * at.top / frame_height - 1,
            .right = 2 * at.right / frame_width - 1,
            .bottom = 2 * at.bottom / frame_height - 1,
            .u_left = uv.left,
            .v_top = uv.top,
            .u_right = uv.right,
            .v_bottom = uv.bottom,
            .x_step = (uv.right - uv.left) * static_cast<float>(a.width) / (at.right - at.left),
            .y_step = (uv.bottom - uv.top) * static_cast<float>(a.height) / (at.bottom - at.top),
            .gain = picture.gain,
            .width = a.width,
            .height = a.height,
            .a_offset = a.offset,
            .a_pitch = a.pitch,
            .a_plane = a.plane,
            .b_offset = b.offset,
            .b_pitch = b.pitch,
            .b_plane = b.plane,
            .a_factor = a.factor,
            .a_shift = a.shift,
            .b_factor = b.factor,
            .b_shift = b.shift};
}

}  // namespace

PicturePipeline::PicturePipeline(const Device& device, VkRenderPass render_pass, std::size_t slots)
    : device_(device) {
    const std::vector<VkDescriptorPoolSize> sizes = {
        {VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 2 * pictures_per_pool}};
    for (std::size_t i = 0; i < slots; ++i) slots_.emplace_back(device, pictures_per_pool, sizes);
    VkDescriptorSetLayoutBinding bindings[2]{};
    for (std::uint32_t i = 0; i < 2; ++i) {
        bindings[i] = {i, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 1, VK_SHADER_STAGE_FRAGMENT_BIT, nullptr};
    }
    layout_ = {device, bindings, {both_stages, 0, sizeof(push::ShowPicturePush)}};
    create_pipeline(render_pass);
}

void PicturePipeline::create_pipeline(VkRenderPass render_pass) {
    const ShaderModule vertex = make_module(device_, shader_code("show_picture_vert"));
    const ShaderModule fragment = make_module(device_, shader_code("show_picture_frag"));
    const VkPipelineShaderStageCreateInfo stages[] = {stage_of(vertex, VK_SHADER_STAGE_VERTEX_BIT),
                                                      stage_of(fragment, VK_SHADER_STAGE_FRAGMENT_BIT)};
    const VkPipelineVertexInputStateCreateInfo no_vertices{
        VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO};
    VkPipelineInputAssemblyStateCreateInfo strip{VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO};
    strip.topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP;
    VkPipelineViewportStateCreateInfo viewport{VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO};
    viewport.viewportCount = viewport.scissorCount = 1;
    VkPipelineRasterizationStateCreateInfo raster{VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO};
    raster.polygonMode = VK_POLYGON_MODE_FILL;
    raster.lineWidth = 1;
    VkPipelineMultisampleStateCreateInfo samples{VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO};
    samples.rasterizationSamples = VK_SAMPLE_COUNT_1_BIT;
    VkPipelineColorBlendAttachmentState opaque{};
    opaque.colorWriteMask = VK_COLOR_COMPONENT_R_BIT | VK_COLOR_COMPONENT_G_BIT | VK_COLOR_COMPONENT_B_BIT |
                            VK_COLOR_COMPONENT_A_BIT;
    VkPipelineColorBlendStateCreateInfo blend{VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO};
    blend.attachmentCount = 1;
    blend.pAttachments = &opaque;
    const VkDynamicState states[] = {VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR};
    VkPipelineDynamicStateCreateInfo dynamic{VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO};
    dynamic.dynamicStateCount = 2;
    dynamic.pDynamicStates = states;
    VkGraphicsPipelineCreateInfo info{VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO};
    info.stageCount = 2;
    info.pStages = stages;
    info.pVertexInputState = &no_vertices;
    info.pInputAssemblyState = &strip;
    info.pViewportState = &viewport;
    info.pRasterizationState = &raster;
    info.pMultisampleState = &samples;
    info.pColorBlendState = &blend;
    info.pDynamicState = &dynamic;
    info.layout = layout_.handle;
    info.renderPass = render_pass;
    VkPipeline pipeline = VK_NULL_HANDLE;
    device_.require(
        vkCreateGraphicsPipelines(device_.handle(), device_.pipeline_cache(), 1, &info, nullptr, &pipeline),
        "vkCreateGraphicsPipelines of show_picture");
    pipeline_ = {device_, pipeline};
}

void PicturePipeline::check(const PixelPlanes& planes) const {
    const std::uint64_t floats = planes.range.size / sizeof(float);
    const bool empty = planes.range.buffer == nullptr || planes.width == 0 || planes.height == 0;
    const std::uint64_t last = planes.offset + 2 * std::uint64_t{planes.plane} +
                               (std::uint64_t{planes.height} - 1) * planes.pitch + planes.width;
    if (empty || last > floats || planes.range.size > device_.info().max_storage_range ||
        planes.range.offset % range_alignment != 0 ||
        planes.range.offset + planes.range.size > planes.range.buffer->bytes()) {
        throw WorkError(fmt::format(
            "{}: a picture of {} x {} cannot be drawn from bytes {}+{} of {}; the device binds up to {}",
            device_.info().name, planes.width, planes.height, planes.range.offset, planes.range.size,
            planes.range.buffer == nullptr ? "no buffer" : planes.range.buffer->name(),
            device_.info().max_storage_range));
    }
}

void PicturePipeline::begin_frame(std::size_t slot) {
    current_ = slot;
    slots_[slot].free_all();
}

void PicturePipeline::paint(VkCommandBuffer commands, std::uint32_t frame_width, std::uint32_t frame_height,
                            const PaintedPicture& picture) {
    check(picture.a);
    PaintedPicture shown = picture;
    if (shown.gain == 0) shown.b = shown.a;  // every binding of the shader must be bound
    check(shown.b);
    if (shown.screen.right <= shown.screen.left || shown.screen.bottom <= shown.screen.top) return;
    const VkDescriptorSet set = bind(shown.a.range, shown.b.range);
    const auto width = static_cast<float>(frame_width), height = static_cast<float>(frame_height);
    const push::ShowPicturePush push = push_of(shown, width, height);
    const VkViewport viewport{0, 0, width, height, 0, 1};
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline_);
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, layout_.handle, 0, 1, &set, 0,
                            nullptr);
    vkCmdPushConstants(commands, layout_.handle, both_stages, 0, sizeof push, &push);
    vkCmdSetViewport(commands, 0, 1, &viewport);
    vkCmdSetScissor(commands, 0, 1, &shown.scissor);
    vkCmdDraw(commands, 4, 1, 0, 0);
}

VkDescriptorSet PicturePipeline::bind(const BufferRange& a, const BufferRange& b) {
    const VkDescriptorSet set = slots_[current_].allocate(layout_.set);
    const VkDescriptorBufferInfo infos[] = {{a.buffer->handle(), a.offset, a.size},
                                            {b.buffer->handle(), b.offset, b.size}};
    VkWriteDescriptorSet write{VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET};
    write.dstSet = set;
    write.descriptorCount = 2;  // the second one goes to binding 1
    write.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
    write.pBufferInfo = infos;
    vkUpdateDescriptorSets(device_.handle(), 1, &write, 0, nullptr);
    return set;
}

}  // namespace shadenet

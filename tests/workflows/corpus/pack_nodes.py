"""Nodes of packs, as their servers tell about them."""

from tests.workflows.corpus.infos import told

PACKS = told("""
UnetLoaderGGUF: unet_name=COMBO -> MODEL
DualCLIPLoaderGGUF: clip_name1=COMBO clip_name2=COMBO type=COMBO -> CLIP
NunchakuFluxDiTLoader: model_path=COMBO cache_threshold=FLOAT attention=COMBO device_id=INT -> MODEL
FilmGrain: image=IMAGE seed=INT strength=FLOAT scale=FLOAT -> IMAGE
DepthAnythingPreprocessor: image=IMAGE ckpt_name=COMBO resolution=INT -> IMAGE
ControlNetLoaderAdvanced: control_net_name=COMBO -> CONTROL_NET
ACN_AdvancedControlNetApply: positive=CONDITIONING negative=CONDITIONING control_net=CONTROL_NET
    image=IMAGE strength=FLOAT -> CONDITIONING CONDITIONING MODEL
IPAdapterModelLoader: ipadapter_file=COMBO -> IPADAPTER
IPAdapterAdvanced: model=MODEL ipadapter=IPADAPTER image=IMAGE weight=FLOAT weight_type=COMBO
    clip_vision=CLIP_VISION -> MODEL
IPAdapterUnifiedLoader: model=MODEL preset=COMBO -> MODEL IPADAPTER
IPAdapter: model=MODEL ipadapter=IPADAPTER image=IMAGE weight=FLOAT -> MODEL
InstantIDFaceAnalysis: provider=COMBO -> FACEANALYSIS
InstantIDModelLoader: instantid_file=COMBO -> INSTANTID
ApplyInstantID: instantid=INSTANTID insightface=FACEANALYSIS control_net=CONTROL_NET image=IMAGE
    model=MODEL positive=CONDITIONING negative=CONDITIONING weight=FLOAT -> MODEL CONDITIONING
    CONDITIONING
Power Lora Loader (rgthree): model=MODEL clip=CLIP -> MODEL CLIP
Lora Loader Stack (rgthree): model=MODEL clip=CLIP lora_01=COMBO strength_01=FLOAT lora_02=COMBO
    strength_02=FLOAT lora_03=COMBO strength_03=FLOAT lora_04=COMBO strength_04=FLOAT -> MODEL CLIP
Seed (rgthree): seed=INT -> INT
Context (rgthree): base_ctx=RGTHREE_CONTEXT model=MODEL clip=CLIP vae=VAE positive=CONDITIONING
    negative=CONDITIONING latent=LATENT images=IMAGE seed=INT -> RGTHREE_CONTEXT MODEL CLIP VAE
    CONDITIONING CONDITIONING LATENT IMAGE INT
Any Switch (rgthree): any_01=* any_02=* any_03=* -> *
Context Switch (rgthree): ctx_01=RGTHREE_CONTEXT ctx_02=RGTHREE_CONTEXT -> RGTHREE_CONTEXT MODEL
    CLIP VAE CONDITIONING CONDITIONING LATENT IMAGE INT
SDXL Empty Latent Image (rgthree): dimensions=COMBO clip_scale=FLOAT batch_size=INT -> LATENT INT
    INT
Image Comparer (rgthree)!: image_a=IMAGE image_b=IMAGE ->
CR LoRA Stack: switch_1=COMBO lora_name_1=COMBO model_weight_1=FLOAT clip_weight_1=FLOAT
    switch_2=COMBO lora_name_2=COMBO model_weight_2=FLOAT clip_weight_2=FLOAT -> LORA_STACK STRING
CR Apply LoRA Stack: model=MODEL clip=CLIP lora_stack=LORA_STACK -> MODEL CLIP STRING
CR Prompt Text: prompt=LINES -> STRING STRING
CR Text Input Switch: Input=INT text1=STRING text2=STRING -> STRING STRING
AttentionCouple: model=MODEL negative=CONDITIONING mode=COMBO positive_1=CONDITIONING
    positive_2=CONDITIONING mask_1=MASK mask_2=MASK -> MODEL CONDITIONING CONDITIONING
ModelMergeBlocks: model1=MODEL model2=MODEL input=FLOAT middle=FLOAT out=FLOAT -> MODEL
XlabsSampler: model=MODEL conditioning=CONDITIONING neg_conditioning=CONDITIONING noise_seed=INT
    steps=INT timestep_to_start_cfg=INT true_gs=FLOAT image_to_image_strength=FLOAT
    denoise_strength=FLOAT latent_image=LATENT -> LATENT
ClownsharKSampler_Beta: model=MODEL positive=CONDITIONING negative=CONDITIONING latent_image=LATENT
    eta=FLOAT sampler_name=COMBO scheduler=COMBO steps=INT steps_to_run=INT denoise=FLOAT cfg=FLOAT
    seed=SEED sampler_mode=COMBO bongmath=BOOLEAN -> LATENT LATENT OPTIONS
ClownsharkChainsampler_Beta: model=MODEL positive=CONDITIONING negative=CONDITIONING
    latent_image=LATENT eta=FLOAT sampler_name=COMBO steps_to_run=INT cfg=FLOAT sampler_mode=COMBO
    bongmath=BOOLEAN -> LATENT LATENT OPTIONS
KSampler //Inspire: model=MODEL seed=INT steps=INT cfg=FLOAT sampler_name=COMBO scheduler=COMBO
    positive=CONDITIONING negative=CONDITIONING latent_image=LATENT denoise=FLOAT noise_mode=COMBO
    batch_seed_mode=COMBO variation_seed=INT variation_strength=FLOAT -> LATENT
UltimateSDUpscale: image=IMAGE model=MODEL positive=CONDITIONING negative=CONDITIONING vae=VAE
    upscale_by=FLOAT seed=INT steps=INT cfg=FLOAT sampler_name=COMBO scheduler=COMBO denoise=FLOAT
    upscale_model=UPSCALE_MODEL mode_type=COMBO tile_width=INT tile_height=INT mask_blur=INT ->
    IMAGE
ADE_AnimateDiffLoaderWithContext: model=MODEL model_name=COMBO beta_schedule=COMBO -> MODEL
ADE_AnimateDiffLoaderGen1: model=MODEL model_name=COMBO beta_schedule=COMBO -> MODEL
VHS_VideoCombine!: images=IMAGE frame_rate=FLOAT loop_count=INT filename_prefix=STRING format=COMBO
    pingpong=BOOLEAN save_output=BOOLEAN -> VHS_FILENAMES
VHS_LoadVideo: video=COMBO force_rate=FLOAT frame_load_cap=INT -> IMAGE INT AUDIO VHS_VIDEOINFO
FlashVSR: images=IMAGE model_name=COMBO seed=INT scale=INT -> IMAGE
WanVideoModelLoader: model=COMBO base_precision=COMBO quantization=COMBO -> WANVIDEOMODEL
LoadWanVideoT5TextEncoder: model_name=COMBO precision=COMBO -> WANTEXTENCODER
WanVideoTextEncode: positive_prompt=LINES negative_prompt=LINES t5=WANTEXTENCODER
    force_offload=BOOLEAN -> WANVIDEOTEXTEMBEDS
WanVideoEmptyEmbeds: width=INT height=INT num_frames=INT -> WANVIDIMAGE_EMBEDS
WanVideoSampler: model=WANVIDEOMODEL image_embeds=WANVIDIMAGE_EMBEDS text_embeds=WANVIDEOTEXTEMBEDS
    steps=INT cfg=FLOAT shift=FLOAT seed=INT scheduler=COMBO force_offload=BOOLEAN -> LATENT LATENT
WanVideoVAELoader: model_name=COMBO -> WANVAE
WanVideoDecode: vae=WANVAE samples=LATENT -> IMAGE
Efficient Loader: ckpt_name=COMBO vae_name=COMBO clip_skip=INT lora_name=COMBO
    lora_model_strength=FLOAT lora_clip_strength=FLOAT positive=LINES negative=LINES
    token_normalization=COMBO weight_interpretation=COMBO empty_latent_width=INT
    empty_latent_height=INT batch_size=INT -> MODEL CONDITIONING CONDITIONING LATENT VAE CLIP
    DEPENDENCIES
KSampler (Efficient)!: model=MODEL seed=INT steps=INT cfg=FLOAT sampler_name=COMBO scheduler=COMBO
    positive=CONDITIONING negative=CONDITIONING latent_image=LATENT denoise=FLOAT
    preview_method=COMBO vae_decode=COMBO optional_vae=VAE script=SCRIPT -> MODEL CONDITIONING
    CONDITIONING LATENT VAE IMAGE
HighRes-Fix Script: upscale_type=COMBO upscale_by=FLOAT use_same_seed=BOOLEAN seed=INT
    hires_steps=INT denoise=FLOAT iterations=INT -> SCRIPT
Eff. Loader SDXL: base_ckpt_name=COMBO base_clip_skip=INT refiner_ckpt_name=COMBO
    refiner_clip_skip=INT positive_ascore=FLOAT negative_ascore=FLOAT vae_name=COMBO positive=LINES
    negative=LINES token_normalization=COMBO weight_interpretation=COMBO empty_latent_width=INT
    empty_latent_height=INT batch_size=INT -> SDXL_TUPLE LATENT VAE DEPENDENCIES
KSampler SDXL (Eff.)!: sdxl_tuple=SDXL_TUPLE noise_seed=INT steps=INT cfg=FLOAT sampler_name=COMBO
    scheduler=COMBO start_at_step=INT refine_at_step=INT latent_image=LATENT preview_method=COMBO
    vae_decode=COMBO optional_vae=VAE -> SDXL_TUPLE LATENT VAE IMAGE
easy fullLoader: ckpt_name=COMBO config_name=COMBO vae_name=COMBO clip_skip=INT lora_name=COMBO
    lora_model_strength=FLOAT lora_clip_strength=FLOAT resolution=COMBO empty_latent_width=INT
    empty_latent_height=INT positive=LINES positive_token_normalization=COMBO
    positive_weight_interpretation=COMBO negative=LINES negative_token_normalization=COMBO
    negative_weight_interpretation=COMBO batch_size=INT -> PIPE_LINE MODEL VAE CLIP CONDITIONING
    CONDITIONING LATENT
easy preSampling: pipe=PIPE_LINE steps=INT cfg=FLOAT sampler_name=COMBO scheduler=COMBO
    denoise=FLOAT seed=INT -> PIPE_LINE
easy kSampler!: pipe=PIPE_LINE image_output=COMBO link_id=INT save_prefix=STRING -> PIPE_LINE IMAGE
easy fullkSampler!: pipe=PIPE_LINE steps=INT cfg=FLOAT sampler_name=COMBO scheduler=COMBO
    denoise=FLOAT image_output=COMBO link_id=INT save_prefix=STRING seed=INT -> PIPE_LINE IMAGE
easy pipeOut: pipe=PIPE_LINE -> PIPE_LINE MODEL CONDITIONING CONDITIONING LATENT VAE CLIP IMAGE INT
easy positive: positive=LINES -> STRING
easy negative: negative=LINES -> STRING
easy seed: seed=INT -> INT
ttN pipeLoader_v2: ckpt_name=COMBO config_name=COMBO vae_name=COMBO clip_skip=INT loras=LINES
    positive=LINES positive_token_normalization=COMBO positive_weight_interpretation=COMBO
    negative=LINES negative_token_normalization=COMBO negative_weight_interpretation=COMBO
    empty_latent_width=INT empty_latent_height=INT batch_size=INT seed=INT -> PIPE_LINE MODEL
    CONDITIONING CONDITIONING LATENT VAE CLIP INT INT INT STRING STRING
ttN pipeKSampler_v2!: pipe=PIPE_LINE lora_name=COMBO lora_strength=FLOAT upscale_method=COMBO
    width=INT height=INT steps=INT cfg=FLOAT
    sampler_name=COMBO scheduler=COMBO image_output=COMBO save_prefix=STRING file_type=COMBO
    denoise=FLOAT seed=INT -> PIPE_LINE MODEL CONDITIONING CONDITIONING LATENT VAE CLIP INT IMAGE
UltralyticsDetectorProvider: model_name=COMBO -> BBOX_DETECTOR SEGM_DETECTOR
BboxDetectorSEGS: bbox_detector=BBOX_DETECTOR image=IMAGE threshold=FLOAT dilation=INT
    crop_factor=FLOAT drop_size=INT labels=LINES -> SEGS
FaceDetailer: image=IMAGE model=MODEL clip=CLIP vae=VAE guide_size=FLOAT guide_size_for=BOOLEAN
    max_size=FLOAT seed=INT steps=INT cfg=FLOAT sampler_name=COMBO scheduler=COMBO
    positive=CONDITIONING negative=CONDITIONING denoise=FLOAT feather=INT noise_mask=BOOLEAN
    force_inpaint=BOOLEAN bbox_threshold=FLOAT bbox_dilation=INT bbox_crop_factor=FLOAT
    drop_size=INT bbox_detector=BBOX_DETECTOR wildcard=PROMPT cycle=INT -> IMAGE IMAGE IMAGE MASK
    DETAILER_PIPE IMAGE
FaceDetailerPipe: image=IMAGE detailer_pipe=DETAILER_PIPE guide_size=FLOAT guide_size_for=BOOLEAN
    max_size=FLOAT seed=INT steps=INT cfg=FLOAT sampler_name=COMBO scheduler=COMBO denoise=FLOAT
    feather=INT noise_mask=BOOLEAN force_inpaint=BOOLEAN wildcard=STRING cycle=INT -> IMAGE IMAGE
    IMAGE MASK DETAILER_PIPE IMAGE
DetailerForEach: image=IMAGE segs=SEGS model=MODEL clip=CLIP vae=VAE guide_size=FLOAT
    guide_size_for=BOOLEAN max_size=FLOAT seed=INT steps=INT cfg=FLOAT sampler_name=COMBO
    scheduler=COMBO positive=CONDITIONING negative=CONDITIONING denoise=FLOAT feather=INT
    noise_mask=BOOLEAN force_inpaint=BOOLEAN wildcard=PROMPT cycle=INT -> IMAGE
DetailerForEachPipe: image=IMAGE segs=SEGS guide_size=FLOAT guide_size_for=BOOLEAN max_size=FLOAT
    seed=INT steps=INT cfg=FLOAT sampler_name=COMBO scheduler=COMBO denoise=FLOAT feather=INT
    noise_mask=BOOLEAN force_inpaint=BOOLEAN basic_pipe=BASIC_PIPE wildcard=PROMPT cycle=INT ->
    IMAGE SEGS BASIC_PIPE IMAGE
ToBasicPipe: model=MODEL clip=CLIP vae=VAE positive=CONDITIONING negative=CONDITIONING -> BASIC_PIPE
BasicPipeToDetailerPipe: basic_pipe=BASIC_PIPE bbox_detector=BBOX_DETECTOR wildcard=PROMPT ->
    DETAILER_PIPE
ImpactKSamplerBasicPipe: basic_pipe=BASIC_PIPE seed=INT steps=INT cfg=FLOAT sampler_name=COMBO
    scheduler=COMBO latent_image=LATENT denoise=FLOAT -> BASIC_PIPE LATENT VAE
ImpactWildcardProcessor: wildcard_text=PROMPT populated_text=PROMPT mode=COMBO seed=INT -> STRING
ImpactWildcardEncode: model=MODEL clip=CLIP wildcard_text=PROMPT populated_text=PROMPT mode=COMBO
    seed=INT -> MODEL CLIP CONDITIONING STRING
ImpactSwitch: select=INT sel_mode=BOOLEAN input1=* -> * STRING INT
SUPIR_model_loader_v2: model=MODEL clip=CLIP vae=VAE supir_model=COMBO fp8_unet=BOOLEAN ->
    SUPIRMODEL SUPIRVAE
SUPIR_encode: SUPIR_VAE=SUPIRVAE image=IMAGE use_tiled_vae=BOOLEAN encoder_tile_size=INT -> LATENT
SUPIR_conditioner: SUPIR_model=SUPIRMODEL latents=LATENT positive_prompt=LINES negative_prompt=LINES
    -> SUPIR_cond_pos SUPIR_cond_neg
SUPIR_sample: SUPIR_model=SUPIRMODEL latents=LATENT positive=SUPIR_cond_pos negative=SUPIR_cond_neg
    seed=INT steps=INT cfg_scale_start=FLOAT cfg_scale_end=FLOAT EDM_s_churn=INT s_noise=FLOAT
    sampler=COMBO control_scale_start=FLOAT -> LATENT
SUPIR_decode: SUPIR_VAE=SUPIRVAE latents=LATENT -> IMAGE
Text Multiline: text=LINES -> STRING
JjkText: text=LINES -> STRING
ShowText|pysssss!: text=STRING -> STRING
LoraTagLoader: model=MODEL clip=CLIP text=LINES -> MODEL CLIP
StringFunction|pysssss!: action=COMBO tidy_tags=COMBO text_a=LINES text_b=LINES text_c=LINES ->
    STRING
MathExpression|pysssss!: expression=LINES a=* -> INT FLOAT
WD14Tagger|pysssss!: image=IMAGE model=COMBO threshold=FLOAT character_threshold=FLOAT
    replace_underscore=BOOLEAN trailing_comma=BOOLEAN exclude_tags=STRING -> STRING
Text Concatenate: delimiter=STRING clean_whitespace=COMBO text_a=STRING text_b=STRING -> STRING
SDXLPromptStyler: text_positive=LINES text_negative=LINES style=COMBO log_prompt=COMBO -> STRING
    STRING
Random Prompts: text=LINES seed=INT autorefresh=COMBO -> STRING
OllamaGenerateV2: prompt=LINES system=LINES keep_context=BOOLEAN connectivity=OLLAMA_CONNECTIVITY
    -> STRING
OllamaConnectivityV2: url=STRING model=COMBO keep_alive=INT keep_alive_unit=COMBO ->
    OLLAMA_CONNECTIVITY
NunchakuTextEncoderLoaderV2: model_type=COMBO text_encoder1=COMBO text_encoder2=COMBO
    t5_min_length=INT -> CLIP
OllamaGenerate: prompt=LINES system=LINES url=STRING model=COMBO seed=INT -> STRING
JoyCaption: image=IMAGE model=COMBO prompt=LINES seed=INT -> STRING
LoadTextFile: file_path=STRING -> STRING
GoogleTranslateTextNode: from_translate=COMBO to_translate=COMBO manual_translate=BOOLEAN text=LINES
    -> STRING
BNK_CLIPTextEncodeAdvanced: text=LINES clip=CLIP token_normalization=COMBO
    weight_interpretation=COMBO -> CONDITIONING
SanaCheckpointLoader: model=COMBO -> MODEL
SanaTextEncode: gemma=CLIP text=LINES -> CONDITIONING
Image Rembg (Remove Background): images=IMAGE transparency=BOOLEAN model=COMBO
    post_processing=BOOLEAN background_color=COMBO -> IMAGE
MaskPreview+!: mask=MASK ->
FluxProUltraImageNode: prompt=LINES prompt_upsampling=BOOLEAN seed=SEED aspect_ratio=STRING
    raw=BOOLEAN image_prompt_strength=FLOAT -> IMAGE
RecraftTextToImageNode: prompt=LINES size=COMBO n=INT seed=SEED negative_prompt=STRING -> IMAGE
GeminiImageNode: prompt=LINES model=COMBO seed=SEED images=IMAGE aspect_ratio=COMBO
    system_prompt=LINES -> IMAGE STRING
QwenImageTextToImageApi: model=COMFY_DYNAMICCOMBO_V3 seed=SEED -> IMAGE
BriaImageEditNode: prompt=LINES structured_prompt=LINES negative_prompt=LINES seed=SEED -> IMAGE
LoaderGGUF: gguf_name=COMBO -> MODEL
KlingTextToVideoNode: prompt=LINES negative_prompt=LINES cfg_scale=FLOAT aspect_ratio=COMBO
    mode=COMBO -> VIDEO STRING STRING
Image Save!: images=IMAGE output_path=STRING filename_prefix=STRING extension=COMBO -> IMAGE STRING
SaveImageWithMetaData!: images=IMAGE width=INT height=INT positive=LINES negative=LINES
    seed_value=INT steps=INT filename=STRING ->
ETN_SendImageWebSocket!: images=IMAGE format=COMBO ->
Sampler Selector: sampler_name=COMBO -> COMBO
Scheduler Selector: scheduler=COMBO -> COMBO
Checkpoint Selector: ckpt_name=COMBO -> COMBO STRING
SetNode: value=* -> *
""")

"""ComfyUI's own nodes."""

from tests.workflows.corpus.infos import told

CORE = told("""
CheckpointLoaderSimple: ckpt_name=COMBO -> MODEL CLIP VAE
ImageOnlyCheckpointLoader: ckpt_name=COMBO -> MODEL CLIP_VISION VAE
unCLIPCheckpointLoader: ckpt_name=COMBO -> MODEL CLIP VAE CLIP_VISION
UNETLoader: unet_name=COMBO weight_dtype=COMBO -> MODEL
CLIPLoader: clip_name=COMBO type=COMBO device=COMBO -> CLIP
DualCLIPLoader: clip_name1=COMBO clip_name2=COMBO type=COMBO -> CLIP
TripleCLIPLoader: clip_name1=COMBO clip_name2=COMBO clip_name3=COMBO -> CLIP
QuadrupleCLIPLoader: clip_name1=COMBO clip_name2=COMBO clip_name3=COMBO clip_name4=COMBO -> CLIP
VAELoader: vae_name=COMBO -> VAE
CLIPVisionLoader: clip_name=COMBO -> CLIP_VISION
ControlNetLoader: control_net_name=COMBO -> CONTROL_NET
StyleModelLoader: style_model_name=COMBO -> STYLE_MODEL
UpscaleModelLoader: model_name=COMBO -> UPSCALE_MODEL
GLIGENLoader: gligen_name=COMBO -> GLIGEN
LoraLoader: model=MODEL clip=CLIP lora_name=COMBO strength_model=FLOAT strength_clip=FLOAT -> MODEL
    CLIP
LoraLoaderModelOnly: model=MODEL lora_name=COMBO strength_model=FLOAT -> MODEL
CLIPSetLastLayer: clip=CLIP stop_at_clip_layer=INT -> CLIP
CLIPTextEncode: text=PROMPT clip=CLIP -> CONDITIONING
CLIPTextEncodeSDXL: clip=CLIP width=INT height=INT crop_w=INT crop_h=INT target_width=INT
    target_height=INT text_g=PROMPT text_l=PROMPT -> CONDITIONING
CLIPTextEncodeSDXLRefiner: ascore=FLOAT width=INT height=INT text=PROMPT clip=CLIP -> CONDITIONING
CLIPTextEncodeSD3: clip=CLIP clip_l=PROMPT clip_g=PROMPT t5xxl=PROMPT empty_padding=COMBO ->
    CONDITIONING
CLIPTextEncodeFlux: clip=CLIP clip_l=PROMPT t5xxl=PROMPT guidance=FLOAT -> CONDITIONING
CLIPTextEncodeHiDream: clip=CLIP clip_l=PROMPT clip_g=PROMPT t5xxl=PROMPT llama=PROMPT ->
    CONDITIONING
CLIPTextEncodeLumina2: system_prompt=COMBO user_prompt=PROMPT clip=CLIP -> CONDITIONING
TextEncodeQwenImageEdit: clip=CLIP prompt=PROMPT vae=VAE image=IMAGE -> CONDITIONING
TextEncodeQwenImageEditPlus: clip=CLIP prompt=PROMPT vae=VAE image1=IMAGE image2=IMAGE image3=IMAGE
    -> CONDITIONING
T5TokenizerOptions: clip=CLIP min_padding=INT min_length=INT -> CLIP
FluxGuidance: conditioning=CONDITIONING guidance=FLOAT -> CONDITIONING
ReferenceLatent: conditioning=CONDITIONING latent=LATENT -> CONDITIONING
FluxKontextImageScale: image=IMAGE -> IMAGE
ImageScaleToTotalPixels: image=IMAGE upscale_method=COMBO megapixels=FLOAT -> IMAGE
ConditioningZeroOut: conditioning=CONDITIONING -> CONDITIONING
ConditioningCombine: conditioning_1=CONDITIONING conditioning_2=CONDITIONING -> CONDITIONING
ConditioningConcat: conditioning_to=CONDITIONING conditioning_from=CONDITIONING -> CONDITIONING
ConditioningAverage: conditioning_to=CONDITIONING conditioning_from=CONDITIONING
    conditioning_to_strength=FLOAT -> CONDITIONING
ConditioningSetArea: conditioning=CONDITIONING width=INT height=INT x=INT y=INT strength=FLOAT ->
    CONDITIONING
ConditioningSetMask: conditioning=CONDITIONING mask=MASK strength=FLOAT set_cond_area=COMBO ->
    CONDITIONING
ConditioningSetTimestepRange: conditioning=CONDITIONING start=FLOAT end=FLOAT -> CONDITIONING
GLIGENTextboxApply: conditioning_to=CONDITIONING clip=CLIP gligen_textbox_model=GLIGEN text=PROMPT
    width=INT height=INT x=INT y=INT -> CONDITIONING
unCLIPConditioning: conditioning=CONDITIONING clip_vision_output=CLIP_VISION_OUTPUT strength=FLOAT
    noise_augmentation=FLOAT -> CONDITIONING
CLIPVisionEncode: clip_vision=CLIP_VISION image=IMAGE crop=COMBO -> CLIP_VISION_OUTPUT
StyleModelApply: conditioning=CONDITIONING style_model=STYLE_MODEL
    clip_vision_output=CLIP_VISION_OUTPUT strength=FLOAT -> CONDITIONING
ControlNetApply: conditioning=CONDITIONING control_net=CONTROL_NET image=IMAGE strength=FLOAT ->
    CONDITIONING
ControlNetApplyAdvanced: positive=CONDITIONING negative=CONDITIONING control_net=CONTROL_NET
    image=IMAGE strength=FLOAT vae=VAE -> CONDITIONING CONDITIONING
SetUnionControlNetType: control_net=CONTROL_NET type=COMBO -> CONTROL_NET
Canny: image=IMAGE low_threshold=FLOAT high_threshold=FLOAT -> IMAGE
InpaintModelConditioning: positive=CONDITIONING negative=CONDITIONING vae=VAE pixels=IMAGE mask=MASK
    noise_mask=BOOLEAN -> CONDITIONING CONDITIONING LATENT
DifferentialDiffusion: model=MODEL -> MODEL
VAEEncode: pixels=IMAGE vae=VAE -> LATENT
VAEEncodeForInpaint: pixels=IMAGE vae=VAE mask=MASK grow_mask_by=INT -> LATENT
VAEDecode: samples=LATENT vae=VAE -> IMAGE
VAEDecodeTiled: samples=LATENT vae=VAE tile_size=INT -> IMAGE
SetLatentNoiseMask: samples=LATENT mask=MASK -> LATENT
EmptyLatentImage: width=INT height=INT batch_size=INT -> LATENT
EmptySD3LatentImage: width=INT height=INT batch_size=INT -> LATENT
EmptyFlux2LatentImage: width=INT height=INT batch_size=INT -> LATENT
EmptyHunyuanLatentVideo: width=INT height=INT length=INT batch_size=INT -> LATENT
EmptyImage: width=INT height=INT batch_size=INT color=INT -> IMAGE
LatentUpscale: samples=LATENT upscale_method=COMBO width=INT height=INT crop=COMBO -> LATENT
LatentUpscaleBy: samples=LATENT upscale_method=COMBO scale_by=FLOAT -> LATENT
LatentComposite: samples_to=LATENT samples_from=LATENT x=INT y=INT feather=INT -> LATENT
RepeatLatentBatch: samples=LATENT amount=INT -> LATENT
KSampler: model=MODEL seed=SEED steps=INT cfg=FLOAT sampler_name=COMBO scheduler=COMBO
    positive=CONDITIONING negative=CONDITIONING latent_image=LATENT denoise=FLOAT -> LATENT
KSamplerAdvanced: model=MODEL add_noise=COMBO noise_seed=SEED steps=INT cfg=FLOAT sampler_name=COMBO
    scheduler=COMBO positive=CONDITIONING negative=CONDITIONING latent_image=LATENT
    start_at_step=INT end_at_step=INT return_with_leftover_noise=COMBO -> LATENT
SamplerCustom: model=MODEL add_noise=BOOLEAN noise_seed=SEED cfg=FLOAT positive=CONDITIONING
    negative=CONDITIONING sampler=SAMPLER sigmas=SIGMAS latent_image=LATENT -> LATENT LATENT
SamplerCustomAdvanced: noise=NOISE guider=GUIDER sampler=SAMPLER sigmas=SIGMAS latent_image=LATENT
    -> LATENT LATENT
RandomNoise: noise_seed=SEED -> NOISE
DisableNoise: -> NOISE
KSamplerSelect: sampler_name=COMBO -> SAMPLER
BasicScheduler: model=MODEL scheduler=COMBO steps=INT denoise=FLOAT -> SIGMAS
KarrasScheduler: steps=INT sigma_max=FLOAT sigma_min=FLOAT rho=FLOAT -> SIGMAS
SDTurboScheduler: model=MODEL steps=INT denoise=FLOAT -> SIGMAS
AlignYourStepsScheduler: model_type=COMBO steps=INT denoise=FLOAT -> SIGMAS
Flux2Scheduler: steps=INT width=INT height=INT -> SIGMAS
SplitSigmas: sigmas=SIGMAS step=INT -> SIGMAS SIGMAS
BasicGuider: model=MODEL conditioning=CONDITIONING -> GUIDER
CFGGuider: model=MODEL positive=CONDITIONING negative=CONDITIONING cfg=FLOAT -> GUIDER
DualCFGGuider: model=MODEL cond1=CONDITIONING cond2=CONDITIONING negative=CONDITIONING
    cfg_conds=FLOAT cfg_cond2_negative=FLOAT style=COMBO -> GUIDER
ModelSamplingFlux: model=MODEL max_shift=FLOAT base_shift=FLOAT width=INT height=INT -> MODEL
ModelSamplingSD3: model=MODEL shift=FLOAT -> MODEL
ModelSamplingAuraFlow: model=MODEL shift=FLOAT -> MODEL
ModelMergeSimple: model1=MODEL model2=MODEL ratio=FLOAT -> MODEL
CLIPMergeSimple: clip1=CLIP clip2=CLIP ratio=FLOAT -> CLIP
CheckpointSave!: model=MODEL clip=CLIP vae=VAE filename_prefix=STRING ->
PerpNegGuider: model=MODEL positive=CONDITIONING negative=CONDITIONING
    empty_conditioning=CONDITIONING cfg=FLOAT neg_scale=FLOAT -> GUIDER
SVD_img2vid_Conditioning: clip_vision=CLIP_VISION init_image=IMAGE vae=VAE width=INT height=INT
    video_frames=INT motion_bucket_id=INT fps=INT augmentation_level=FLOAT -> CONDITIONING
    CONDITIONING LATENT
VideoLinearCFGGuidance: model=MODEL min_cfg=FLOAT -> MODEL
WanImageToVideo: positive=CONDITIONING negative=CONDITIONING vae=VAE width=INT height=INT length=INT
    batch_size=INT clip_vision_output=CLIP_VISION_OUTPUT start_image=IMAGE -> CONDITIONING
    CONDITIONING LATENT
CreateVideo: images=IMAGE fps=FLOAT audio=AUDIO -> VIDEO
SaveVideo!: video=VIDEO filename_prefix=STRING format=COMBO codec=COMBO ->
SaveAnimatedWEBP!: images=IMAGE filename_prefix=STRING fps=FLOAT lossless=BOOLEAN quality=INT
    method=COMBO ->
LoadImage: image=UPLOAD -> IMAGE MASK
LoadImageMask: image=UPLOAD channel=COMBO -> MASK
LoadLatent: latent=COMBO -> LATENT
ImagePadForOutpaint: image=IMAGE left=INT top=INT right=INT bottom=INT feathering=INT -> IMAGE MASK
ImageScale: image=IMAGE upscale_method=COMBO width=INT height=INT crop=COMBO -> IMAGE
ImageScaleBy: image=IMAGE upscale_method=COMBO scale_by=FLOAT -> IMAGE
ImageUpscaleWithModel: upscale_model=UPSCALE_MODEL image=IMAGE -> IMAGE
ImageBatch: image1=IMAGE image2=IMAGE -> IMAGE
ImageInvert: image=IMAGE -> IMAGE
GetImageSize: image=IMAGE -> INT INT INT
SolidMask: value=FLOAT width=INT height=INT -> MASK
MaskComposite: destination=MASK source=MASK x=INT y=INT operation=COMBO -> MASK
ImageToMask: image=IMAGE channel=COMBO -> MASK
SaveImage!: images=IMAGE filename_prefix=STRING ->
PreviewImage!: images=IMAGE ->
SaveImageWebsocket!: images=IMAGE ->
PreviewAny!: source=* ->
PrimitiveString: value=STRING -> STRING
PrimitiveStringMultiline: value=LINES -> STRING
PrimitiveInt: value=SEED -> INT
PrimitiveFloat: value=FLOAT -> FLOAT
PrimitiveBoolean: value=BOOLEAN -> BOOLEAN
StringConcatenate: string_a=LINES string_b=LINES delimiter=STRING -> STRING
StringReplace: string=LINES find=LINES replace=LINES -> STRING
RegexReplace: string=LINES regex_pattern=LINES replace=LINES -> STRING
ComfySwitchNode: switch=BOOLEAN on_false=COMFY_MATCHTYPE_V3 on_true=COMFY_MATCHTYPE_V3 ->
    COMFY_MATCHTYPE_V3
TextGenerate: clip=CLIP prompt=PROMPT max_length=INT sampling_mode=COMFY_DYNAMICCOMBO_V3 -> STRING
SAM3_Detect: model=MODEL image=IMAGE conditioning=CONDITIONING threshold=FLOAT -> IMAGE MASK
GLSLShader: images=IMAGE fragment_shader=LINES -> IMAGE
TextEncodeAceStepAudio: clip=CLIP tags=PROMPT lyrics=PROMPT lyrics_strength=FLOAT -> CONDITIONING
EmptyAceStepLatentAudio: seconds=FLOAT batch_size=INT -> LATENT
VAEDecodeAudio: samples=LATENT vae=VAE -> AUDIO
SaveAudio!: audio=AUDIO filename_prefix=STRING ->
FreeU_V2: model=MODEL b1=FLOAT b2=FLOAT s1=FLOAT s2=FLOAT -> MODEL
RescaleCFG: model=MODEL multiplier=FLOAT -> MODEL
""")

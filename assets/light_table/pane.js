// One picture of the light table, or that it is still to come. ``other`` is what is shown in its place
// while it is held over. Zoom and pan are the mover's, who finds the elements by their classes.
import Faulty from "batchgen-files/faulty.js";
import { spotOf } from "batchgen-light-table/hands.js";

export default {
  mixins: [Faulty],
  props: {
    picture: Object, other: Object, place: Number, mover: Object, hands: Object, isActive: Boolean, isHeld: Boolean,
    clip: String, words: Object, plays: Boolean, sounds: Boolean,
  },
  emits: ["choose", "favourite", "reject"],
  template: `
    <figure class="bg-pane" data-testid="pane" tabindex="0" :data-index="picture.index" :data-active="String(isActive)"
            :data-status="picture.status" :data-held="String(isHeld)" :aria-label="picture.label" :aria-current="isActive ? 'true' : null"
            @focusin="$emit('choose')" @wheel.prevent="hands.wheel($event, place)" @pointerdown="grab" @pointermove="drag"
            @pointerup="hands.release($event)" @pointercancel="hands.release($event)" @pointerleave="mover.point(place)" @touchmove="hands.hold($event)" @dblclick="toggle">
      <div class="bg-layer" :style="clip ? { clipPath: clip } : null">
        <p v-if="!picture.src" class="bg-pane-waits">{{ picture.said }}</p>
        <fault v-else-if="isFaulty(picture.src)" acts :image="picture.id" :src="picture.src" @again="lookAgainAt(picture.src)"></fault>
        <video v-else-if="isFilm(picture)" :key="picture.src" class="bg-own" :src="picture.src" :poster="picture.thumbnail" :aria-label="picture.alt"
               :autoplay="plays" :muted="!(sounds && isActive && !isHeld)" loop playsinline disablepictureinpicture @error="breaks(picture)"></video>
        <img v-else :key="picture.src" class="bg-own" :src="picture.film ? picture.thumbnail : picture.src" :alt="picture.alt"
             :style="{ backgroundImage: 'url(' + JSON.stringify(picture.thumbnail) + ')' }" draggable="false"
             @load="failsIfCut(picture.src, picture)" @error="fails(picture.src)">
        <video v-if="other && isFilm(other)" :key="'other' + other.src" class="bg-other" :src="other.src" :poster="other.thumbnail" aria-hidden="true"
               :autoplay="plays" muted loop playsinline disablepictureinpicture @error="breaks(other)"></video>
        <img v-else-if="other && other.src" :key="'other' + other.src" class="bg-other" :src="other.film ? other.thumbnail : other.src" alt="" draggable="false">
      </div>
      <span class="bg-spot" hidden></span>
      <figcaption class="bg-caption" @pointerdown.stop @dblclick.stop>
        <span class="bg-caption-label">{{ (isHeld && other ? other : picture).label }}</span>
        <span class="bg-caption-short" aria-hidden="true">{{ (isHeld && other ? other : picture).short }}</span>
        <template v-if="picture.src">
          <span class="bg-rating" data-testid="rating" :role="picture.rating ? 'img' : null" :data-value="picture.rating"
                :aria-label="picture.rating ? picture.stars : null">{{ "★".repeat(picture.rating) }}</span>
          <button type="button" class="bg-tool" data-testid="favourite" :aria-pressed="String(picture.favourite)" tabindex="-1"
                  :aria-label="words.favourite" :title="words.favourite" @click="$emit('favourite')">
            <q-icon :name="picture.favourite ? 'favorite' : 'favorite_border'" aria-hidden="true" />
          </button>
          <button type="button" class="bg-tool" data-testid="reject" :aria-pressed="String(picture.rejected)" tabindex="-1"
                  :aria-label="words.reject" :title="words.reject" @click="$emit('reject')">
            <q-icon name="block" aria-hidden="true" />
          </button>
        </template>
      </figcaption>
    </figure>
  `,
  data() {
    return { broken: [] };
  },
  mounted() {
    this.mover.panes.set(this.place, this.$el);
    this.mover.changed();
  },
  updated() {
    this.mover.changed();
  },
  unmounted() {
    this.mover.panes.delete(this.place);
    this.mover.owns.delete(this.place);
    this.mover.changed();
  },
  methods: {
    isFilm({ film, src }) {
      return film && !this.broken.includes(src);
    },
    breaks(picture) {
      this.broken.push(picture.src);
      this.failsIfFaulty(picture.src, picture);
    },
    grab(event) {
      this.$el.focus({ preventScroll: true });
      this.hands.grab(event, this.place);
    },
    drag(event) {
      this.mover.point(this.place, event.pointerType === "mouse" ? spotOf(event) : undefined);
      this.hands.drag(event);
    },
    toggle(event) {
      this.mover.toggle(this.place, spotOf(event));
    },
  },
};

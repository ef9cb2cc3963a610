// What keeping one of two gave: the pictures in order, the best one first, and what to do with them.
import { clamp } from "batchgen-zooming/zoom.js";

const FEWEST = 2;
const MOST = 9;

export default {
  props: { pictures: Array, words: Object },
  emits: ["best", "open", "back"],
  template: `
    <section class="bg-ranking" data-testid="ranking" tabindex="-1" ref="root" :aria-label="words.ranking">
      <h2 class="bg-title">{{ words.ranking }}</h2>
      <p class="bg-muted">{{ words.rankingHint }}</p>
      <div class="bg-buttons">
        <button type="button" class="bg-tool bg-line" data-key="5" data-testid="ranking-stars" @click="$emit('best', 'rate', 5)"><q-icon name="star" aria-hidden="true" />{{ words.bestStars }}</button>
        <button type="button" class="bg-tool bg-line" data-key="f" data-testid="ranking-favourite" @click="$emit('best', 'favourite')"><q-icon name="favorite" aria-hidden="true" />{{ words.bestFavourite }}</button>
        <span class="bg-open-first">
          <button type="button" class="bg-tool bg-line" data-key="c" data-testid="ranking-open" @click="$emit('open', first)"><q-icon name="compare" aria-hidden="true" />{{ words.openFirst }}</button>
          <input type="number" :min="least" :max="most" v-model.number="wanted" :aria-label="words.howMany">
        </span>
      </div>
      <ol class="bg-ranked">
        <li v-for="picture in pictures" :key="picture.id" data-testid="ranked" :data-index="picture.index">
          <button type="button" class="bg-ranked-picture" :aria-label="words.openOne + ': ' + picture.label" @click="$emit('open', [picture.id])">
            <img :src="picture.thumbnail" :alt="picture.alt" draggable="false">
          </button>
          <span>{{ picture.label }}</span>
          <span class="bg-ranked-marks">
            <q-icon v-if="picture.favourite" name="favorite" :aria-label="words.favourite" />
            <span v-if="picture.rating" class="bg-rating" role="img" :aria-label="picture.stars">{{ "★".repeat(picture.rating) }}</span>
          </span>
        </li>
      </ol>
    </section>
  `,
  data() {
    return { wanted: Math.min(4, this.pictures.length) };
  },
  computed: {
    most() {
      return Math.min(MOST, this.pictures.length);
    },
    least() {
      return Math.min(FEWEST, this.most);
    },
    first() {
      const count = clamp(Math.round(this.wanted) || this.least, this.least, this.most);
      return this.pictures.slice(0, count).map((picture) => picture.id);
    },
  },
  mounted() {
    this.$refs.root.focus({ preventScroll: true });
  },
};

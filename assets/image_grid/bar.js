// How many pictures are chosen, and what can be done with all of them.
import { kindWanted } from "batchgen-downloads/device.js";
import DownloadKind from "batchgen-downloads/kind.js";

const STARS = [1, 2, 3, 4, 5, 0];

export default {
  components: { DownloadKind },
  props: { count: Number, mayDelete: Boolean, words: Object },
  emits: ["do", "mark"],
  template: `
    <div class="bg-selection" role="toolbar" data-testid="selection-bar" :aria-label="words.selection">
      <span role="status" data-testid="selected-count">{{ said }}</span>
      <button type="button" class="bg-tool" :disabled="count < 2" :title="words.compareHint" :aria-label="words.compare" data-testid="side-by-side" @click="$emit('do', 'compare')"><q-icon name="compare" aria-hidden="true" /></button>
      <span class="bg-download">
        <button type="button" class="bg-tool" :title="isPack ? words.packHint : words.downloadHint" :aria-label="isPack ? words.packHint : words.download" data-testid="download-selected" @click="$emit('do', 'download')"><q-icon :name="isPack ? 'inventory_2' : 'download'" aria-hidden="true" /></button>
        <DownloadKind :label="words.downloadKind" :choices="words.downloadKinds" @choose="(kind) => (isPack = kind === 'pack')" />
      </span>
      <button type="button" class="bg-tool" :title="words.favouriteHint" :aria-label="words.favourite" data-testid="favourite" @click="$emit('mark', 'favourite')"><q-icon name="favorite_border" aria-hidden="true" /></button>
      <button type="button" class="bg-tool" :title="words.rejectHint" :aria-label="words.reject" data-testid="reject" @click="$emit('mark', 'reject')"><q-icon name="block" aria-hidden="true" /></button>
      <span class="bg-stars" role="group" :aria-label="words.rating">
        <button v-for="stars in order" :key="stars" type="button" class="bg-star" :data-star="stars" :aria-label="stars ? words.stars[stars - 1] : words.noStars"
                :title="stars ? words.stars[stars - 1] : words.noStars" @click="$emit('mark', 'rate', stars)">{{ stars ? "★" : "×" }}</button>
      </span>
      <button type="button" class="bg-tool" :title="words.collectHint" :aria-label="words.collect" data-testid="collect" data-opens-field @click="$emit('do', 'collect')"><q-icon name="new_label" aria-hidden="true" /></button>
      <button v-if="mayDelete" type="button" class="bg-tool" :title="words.deleteHint" :aria-label="words.delete" data-undoable data-testid="delete" @click="$emit('do', 'remove')"><q-icon name="delete_outline" aria-hidden="true" /></button>
      <button type="button" class="bg-tool" :title="words.selectNone" :aria-label="words.selectNone" data-testid="select-none" @click="$emit('do', 'chooseNone')"><q-icon name="deselect" aria-hidden="true" /></button>
    </div>
  `,
  data: () => ({ order: STARS, isPack: kindWanted() === "pack" }),
  computed: {
    said() {
      return this.count === 1 ? this.words.oneSelected : this.words.selected.replace("{count}", this.count);
    },
  },
};

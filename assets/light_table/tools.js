// What can be done at the light table: with all panes, with two of them, with the active one.
export default {
  props: {
    words: Object, seen: Object, picture: Object, isPair: Boolean, mode: String, isHeld: Boolean,
    duel: Object, left: Number, mayDelete: Boolean, isRanked: Boolean, mayGoOn: Boolean,
  },
  emits: ["do", "mode", "hold", "mark"],
  template: `
    <div class="bg-tools bg-table-tools" role="toolbar" :aria-label="words.tools">
      <div class="bg-tool-group" v-if="!isRanked">
        <button type="button" class="bg-tool" data-key="-" :title="words.out" :aria-label="words.out" @click="$emit('do', 'out')"><q-icon name="remove" aria-hidden="true" /></button>
        <button type="button" class="bg-tool bg-zoom" data-key="z" :title="words.whole" @click="$emit('do', 'toggle')">{{ seen.percent }} %</button>
        <button type="button" class="bg-tool" data-key="+ =" :title="words.in" :aria-label="words.in" @click="$emit('do', 'in')"><q-icon name="add" aria-hidden="true" /></button>
        <button type="button" class="bg-tool" data-key="w" :title="words.fit" :aria-label="words.fit" @click="$emit('do', 'fit')"><q-icon name="fit_screen" aria-hidden="true" /></button>
        <button type="button" class="bg-tool" data-key="t" :title="words.twice" @click="$emit('do', 'twice')">200 %</button>
      </div>
      <div class="bg-tool-group" v-if="isPair">
        <button type="button" class="bg-tool" data-key="m" :title="words.mode" :aria-label="words.slider" :aria-pressed="String(mode === 'wipe')" @click="turn('wipe')"><q-icon name="compare" aria-hidden="true" /></button>
        <button type="button" class="bg-tool" data-key="e" :title="words.differenceHint" :aria-label="words.difference" :aria-pressed="String(mode === 'difference')" @click="turn('difference')"><q-icon name="contrast" aria-hidden="true" /></button>
        <button type="button" class="bg-tool" data-testid="blink" :title="words.blink" :aria-label="words.blink" :aria-pressed="String(isHeld)"
                @pointerdown="$emit('hold', true)" @pointerup="$emit('hold', false)" @pointercancel="$emit('hold', false)" @pointerleave="$emit('hold', false)"
                @keydown.space.prevent.stop="$emit('hold', true)" @keyup.space.prevent="$emit('hold', false)" @blur="$emit('hold', false)"><q-icon name="flip_to_front" aria-hidden="true" /></button>
        <button type="button" class="bg-tool" data-key="s" :title="words.swapHint" :aria-label="words.swap" @click="$emit('do', 'swap')"><q-icon name="swap_horiz" aria-hidden="true" /></button>
        <button type="button" class="bg-tool" data-key="k" data-testid="keep-left" :title="words.keepLeftHint" @click="$emit('do', 'keepLeft')"><q-icon name="west" aria-hidden="true" /><span>{{ words.keepLeft }}</span></button>
        <button type="button" class="bg-tool" data-key="l" data-testid="keep-right" :title="words.keepRightHint" @click="$emit('do', 'keepRight')"><span>{{ words.keepRight }}</span><q-icon name="east" aria-hidden="true" /></button>
        <span v-if="duel.beaten.length" class="bg-muted bg-left" role="status" :aria-label="words.left + ' ' + left" :title="words.left">{{ left }}</span>
      </div>
      <div class="bg-tool-group" v-if="mayGoOn">
        <button type="button" class="bg-tool" data-key="g" data-testid="go-on" :title="words.goOnHint" @click="$emit('do', 'goOn')"><q-icon name="history" aria-hidden="true" /><span>{{ words.goOn }}</span></button>
      </div>
      <div class="bg-tool-group" v-if="duel.earlier.length">
        <button type="button" class="bg-tool" data-key="Backspace" data-testid="step-back" :title="words.back" :aria-label="words.back" @click="$emit('do', 'back')"><q-icon name="keyboard_return" aria-hidden="true" /></button>
      </div>
      <div class="bg-tool-group bg-active-tools" role="group" :aria-label="words.active" v-if="picture && !isRanked">
        <button type="button" class="bg-tool" :title="words.previous" :aria-label="words.previous" @click="$emit('do', 'previous')"><q-icon name="chevron_left" aria-hidden="true" /></button>
        <button type="button" class="bg-tool bg-active-number" data-key="ArrowRight" :title="words.nextPane" @click="$emit('do', 'nextPane')">{{ picture.short }}</button>
        <button type="button" class="bg-tool" :title="words.next" :aria-label="words.next" @click="$emit('do', 'next')"><q-icon name="chevron_right" aria-hidden="true" /></button>
        <template v-if="picture.src">
          <button type="button" class="bg-tool bg-table-heart" data-key="f" :title="words.favourite + ' (F)'" :aria-label="words.favourite" :aria-pressed="String(picture.favourite)" @click="$emit('mark', 'favourite')"><q-icon :name="picture.favourite ? 'favorite' : 'favorite_border'" aria-hidden="true" /></button>
          <span class="bg-stars" role="group" :aria-label="words.rating" :data-value="picture.rating">
            <button v-for="stars in 5" :key="stars" type="button" class="bg-star" :data-key="stars" :data-star="stars" :title="words.stars[stars - 1]" :aria-label="words.stars[stars - 1]" @click="$emit('mark', 'rate', stars)">★</button>
            <button type="button" class="bg-star" data-key="0" data-star="0" :title="words.noStars" :aria-label="words.noStars" @click="$emit('mark', 'rate', 0)">×</button>
          </span>
          <button type="button" class="bg-tool bg-table-reject" data-key="x" :title="words.reject + ' (X)'" :aria-label="words.reject" :aria-pressed="String(picture.rejected)" @click="$emit('mark', 'reject')"><q-icon name="block" aria-hidden="true" /></button>
          <button type="button" class="bg-tool" data-key="u" data-testid="take-back" :title="words.takeBack + ' (U)'" :aria-label="words.takeBack" @click="$emit('mark', 'unmark')"><q-icon name="undo" aria-hidden="true" /></button>
          <button v-if="mayDelete" type="button" class="bg-tool" data-key="Delete" data-undoable="" :title="words.delete" :aria-label="words.delete" @click="$emit('mark', 'delete')"><q-icon name="delete_outline" aria-hidden="true" /></button>
          <a class="bg-tool" data-key="d" :href="picture.url" :download="picture.filename" :title="words.download + ' (D)'" :aria-label="words.download"><q-icon name="download" aria-hidden="true" /></a>
        </template>
      </div>
      <div class="bg-tool-group bg-close">
        <button type="button" class="bg-tool bg-only-keys" data-shortcut="?" :title="words.keysHint" :aria-label="words.keysHint" @click="$emit('do', 'help')"><q-icon name="keyboard" aria-hidden="true" /></button>
        <button type="button" class="bg-tool" :title="words.close" :aria-label="words.close" @click="$emit('do', 'close')"><q-icon name="close" aria-hidden="true" /></button>
      </div>
    </div>
  `,
  methods: {
    turn(mode) {
      this.$emit("mode", this.mode === mode ? "beside" : mode);
    },
  },
};

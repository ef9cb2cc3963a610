// A box whose content is drawn by itself: what changes in it draws nothing else anew. What changes of
// the box itself draws the box around it.
export default {
  props: { tag: String },
  template: '<component :is="tag"><slot></slot></component>',
};

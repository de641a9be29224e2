/**
 * A block or nested attribute of a resource: its value, and the object through which others refer to it, made when
 * somebody asks for it. The generator makes all of them at once, and each captures a stack trace: for a VM that is 22
 * objects, where nine blocks are set and none is referred to.
 */
export class LazyBlock<Reference extends { internalValue?: unknown }> {
  private value: Reference["internalValue"] | undefined;
  private made: Reference | undefined;

  constructor(private readonly make: () => Reference) {}

  get reference(): Reference {
    if (this.made === undefined) {
      this.made = this.make();
      this.made.internalValue = this.value;
    }
    return this.made;
  }

  get internalValue(): Reference["internalValue"] | undefined {
    return this.made === undefined ? this.value : this.made.internalValue;
  }

  set internalValue(value: Reference["internalValue"] | undefined) {
    if (this.made === undefined) {
      this.value = value;
    } else {
      this.made.internalValue = value;
    }
  }
}

package io.vigie.console.register;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.vigie.console.register.DependencyResource.Need;

/**
 * Assets as boxes, and arrows to what each needs, in columns from left to right. What is written in
 * it is told in a list, too.
 *
 * @param width in pixels, as {@code height} and all places in it
 * @param arrows as paths of SVG
 */
record Drawing(int width, int height, List<Box> boxes, List<String> arrows) {

  private static final int BOX_WIDTH = 180;
  private static final int BOX_HEIGHT = 36;

  private static final int BESIDE = 70;
  private static final int BELOW = 12;
  private static final int MARGIN = 40;

  /** As many letters as a box has room for, as a rule; what is too wide all the same is cut off. */
  private static final int LETTERS = 22;

  /**
   * @param text the asset's name as far as there is room
   * @param isIt whether it is the asset that the page is about
   */
  record Box(int x, int y, Need asset, String text, boolean isIt) {

    public int width() {
      return BOX_WIDTH;
    }

    public int height() {
      return BOX_HEIGHT;
    }

    private int right() {
      return x + BOX_WIDTH;
    }

    private int middle() {
      return y + BOX_HEIGHT / 2;
    }
  }

  /**
   * @param columns the assets, each in one column alone
   * @param needs what each asset needs, by ids; what is in no column is left out
   * @param it the asset that the page is about
   */
  static Drawing of(List<List<Need>> columns, Map<String, List<String>> needs, String it) {
    int longest = columns.stream().mapToInt(List::size).max().orElse(0);
    int height = longest * (BOX_HEIGHT + BELOW) - BELOW + 2 * MARGIN;
    Map<String, Box> boxes = new LinkedHashMap<>();
    int x = MARGIN;
    for (List<Need> column : columns) {
      int y = (height - column.size() * (BOX_HEIGHT + BELOW) + BELOW) / 2;
      for (Need asset : column) {
        boxes.put(asset.id(), new Box(x, y, asset, beginning(asset.name()), asset.id().equals(it)));
        y += BOX_HEIGHT + BELOW;
      }
      x += BOX_WIDTH + BESIDE;
    }
    List<String> arrows = new ArrayList<>();
    boxes
        .values()
        .forEach(
            box ->
                needs.getOrDefault(box.asset().id(), List.of()).stream()
                    .distinct()
                    .filter(boxes::containsKey)
                    .forEach(needed -> arrows.add(arrow(box, boxes.get(needed)))));
    return new Drawing(x - BESIDE + MARGIN, height, List.copyOf(boxes.values()), arrows);
  }

  /** From the right to the left of what is further right; to the right of all else. */
  private static String arrow(Box from, Box to) {
    boolean isBack = to.x() < from.x();
    boolean isForward = to.x() > from.x();
    int start = isBack ? from.x() : from.right();
    int end = isForward ? to.x() : to.right();
    return "M%d %dC%d %d %d %d %d %d"
        .formatted(
            start,
            from.middle(),
            isBack ? start - BESIDE / 2 : start + BESIDE / 2,
            from.middle(),
            isForward ? end - BESIDE / 2 : end + BESIDE / 2,
            to.middle(),
            end,
            to.middle());
  }

  private static String beginning(String name) {
    return name.codePointCount(0, name.length()) <= LETTERS
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LETTERS - 1)) + "\u2026";
  }
}

package io.vigie.asset.posture;

import java.util.Map;

/**
 * What the register says of an asset, as far as rules go by it.
 *
 * @param attributes those of its kind, by name
 */
record Subject(
    boolean inService, String kind, boolean production, Map<String, Object> attributes) {}

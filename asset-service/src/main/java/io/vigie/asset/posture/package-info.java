/**
 * How well endpoints and servers are protected (R7.1 to R7.3, R10.1, R11.1). Tools report facts,
 * and the register has what people declared; the rules of {@code contracts/policy/posture.json}
 * judge the assets in service by both, when facts come, when they have become too old, and when an
 * asset is described anew, or goes into service or out of it. Falling out of compliance and coming
 * back are events of a {@link io.vigie.asset.posture.Posture}. A breach counts once its grace is
 * over, unless an {@link io.vigie.asset.posture.Exemption}, approved by another person, says
 * otherwise for a time.
 */
package io.vigie.asset.posture;

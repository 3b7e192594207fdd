package io.vigie.asset.posture;

import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A fact, and when it was so. */
public record Known(@Schema(implementation = Object.class) JsonNode value, Instant observedAt) {}

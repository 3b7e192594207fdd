package io.vigie.asset.inventory;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * That something whose owner left needs another.
 *
 * @param since when that was asked for
 * @param until when it should have one
 */
@Embeddable
public record Reassignment(
    @Column(name = "reassign_since") Instant since, @Column(name = "reassign_by") Instant until) {}

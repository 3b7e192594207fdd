package io.vigie.backup.copy;

import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What the runs of a plan make, where it is kept and for how long.
 *
 * @param datacenter the asset of the kind PREMISES where it is kept; null where nobody said. Where
 *     a copy on tape is the tape says that its run names
 * @param server the asset that keeps it; where that one stands counts more than {@code datacenter}
 * @param retentionDays how long each is kept, 1 to 36,600 days; null until somebody decides
 */
@Embeddable
@Schema(name = "BackupCopy")
public record Copy(
    @NotNull @Enumerated(EnumType.STRING) Medium medium,
    UUID datacenter,
    @Column(name = "backup_server") UUID server,
    @NotNull @Enumerated(EnumType.STRING) Protection protection,
    @Min(1) @Max(36_600) @Column(name = "retention_days") Integer retentionDays) {}

package io.vigie.asset.supplier;

import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;

import io.vigie.asset.policy.TextList;

/** What stands of a supplier's profile as long as there is the supplier. */
@Embeddable
public record SupplierWork(
    String name,
    String services,
    @Convert(converter = Activity.Several.class) List<Activity> activities,
    @Enumerated(EnumType.STRING) Criticality criticality,
    @Column(name = "handles_client_data") boolean handlesClientData,
    @Convert(converter = TextList.class) List<String> countries) {}

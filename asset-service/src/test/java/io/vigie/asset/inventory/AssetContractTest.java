package io.vigie.asset.inventory;

import io.vigie.asset.deployment.DeploymentEvent;
import io.vigie.asset.disposal.DisposalEvent;
import io.vigie.asset.document.AcknowledgementEvent;
import io.vigie.asset.document.DocumentEvent;
import io.vigie.asset.network.FindingEvent;
import io.vigie.asset.network.FlowEvent;
import io.vigie.asset.network.ZoneEvent;
import io.vigie.asset.site.ClosureEvent;
import io.vigie.asset.software.AdvisoryEvent;
import io.vigie.asset.software.BomEvent;
import io.vigie.asset.software.VulnerabilityEvent;
import io.vigie.asset.software.feed.FeedEvent;
import io.vigie.asset.software.feed.NoticeEvent;
import io.vigie.asset.supplier.SupplierEvent;
import io.vigie.kernel.DomainEvent;
import io.vigie.testkit.EventContracts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AssetContractTest {

  @ParameterizedTest
  @ValueSource(
      classes = {
        AssetEvent.class,
        SupplierEvent.class,
        DocumentEvent.class,
        AcknowledgementEvent.class,
        DeploymentEvent.class,
        DisposalEvent.class,
        ZoneEvent.class,
        FlowEvent.class,
        FindingEvent.class,
        ClosureEvent.class,
        BomEvent.class,
        AdvisoryEvent.class,
        VulnerabilityEvent.class,
        FeedEvent.class,
        NoticeEvent.class
      })
  void everyEventKeepsItsPublishedContract(Class<? extends DomainEvent> events) {
    assertEquals(events.getPermittedSubclasses().length, EventContracts.check(events).size());
  }
}

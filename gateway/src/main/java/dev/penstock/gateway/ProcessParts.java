package dev.penstock.gateway;

import dev.penstock.gateway.adk.WebFiles;
import dev.penstock.gateway.authentication.KnownKeys;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.inference.ModelCatalog;
import dev.penstock.gateway.limits.CallerLimits;
import dev.penstock.gateway.metrics.GatewayMetrics;
import dev.penstock.gateway.page.PageAssets;
import dev.penstock.gateway.store.StoreLoad;
import dev.penstock.gateway.turns.TurnProcess;
import dev.penstock.kit.drain.Readiness;
import dev.penstock.kit.jwt.Issuer;
import dev.penstock.kit.trace.Tracing;
import org.jspecify.annotations.Nullable;

/**
 * What all event loops of one gateway share; each part is safe from any thread.
 *
 * @param issuer null where its tokens are not accepted
 */
record ProcessParts(
    Readiness readiness,
    TurnProcess turns,
    CallerLimits limits,
    ModelCatalog models,
    KnownKeys keys,
    @Nullable Issuer issuer,
    ServiceIdentity identity,
    StoreLoad storeLoad,
    Dependencies dependencies,
    PageAssets page,
    WebFiles adkWeb,
    GatewayMetrics measured,
    Tracing tracing) {}

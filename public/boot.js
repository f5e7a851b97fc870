// Starts the page: the skeleton's language and colours, the page's wasm, then the service worker.
const root = document.documentElement;
root.lang = (stored('jari.lang') || navigator.language || 'en').startsWith('ko') ? 'ko' : 'en';
root.dataset.theme = stored('jari.theme') || 'system';

try {
  const { default: init } = await import('./__APP_JS__');
  await init({ module_or_path: new URL('./__APP_WASM__', import.meta.url) });
} catch (error) {
  document.getElementById('boot-failed')?.removeAttribute('hidden');
  document.querySelectorAll('.skeleton-wait').forEach((line) => line.remove());
  throw error;
}

if ('serviceWorker' in navigator && isSecureContext) {
  navigator.serviceWorker.register('./sw.js', { updateViaCache: 'none' }).then(watch).catch(() => {
    // A browser that refuses service workers (private windows of some) still has the page.
  });
}

// A newer build that is ready to take over is announced as `jari:update`; `detail.apply()` loads it.
// Until then this page keeps the files of its own build.
function watch(registration) {
  const announce = () => {
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    const apply = () => {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      registration.waiting.postMessage('take over');
    };
    dispatchEvent(new CustomEvent('jari:update', { detail: { apply } }));
  };
  announce();
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => worker.state === 'installed' && announce());
  });
}

function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
